#include <bulwark/rate/detail/gcra.hpp>
#include <bulwark/rate/detail/shared_rate.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

#include <rapidcheck.h>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

} // namespace

TEST_CASE("a shared rate decides as GCRA does", "[rate][property]") {
  CHECK(rc::check([] {
    // A permit is a whole number of sixteenths of nanoseconds.
    rate_options options{
      .rate = *rc::gen::element<uint64_t>(1, 2, 4, 5, 8, 10, 16, 100),
      .period = 100ns * *rc::gen::inRange(1, 1000),
      .burst = *rc::gen::inRange<uint64_t>(1, 20)};
    shared_rate shared{options};
    gcra single{options};
    auto now = start;
    for (int i = 0; i < 60; ++i) {
      auto permit = options.period / options.rate;
      now += *rc::gen::inRange(0, 3) * permit / 2;
      auto n = *rc::gen::inRange<uint64_t>(0, options.burst + 2);
      auto wait_max = *rc::gen::element(0 * options.period, options.period);
      if (*rc::gen::inRange(0, 6) == 0) {
        shared.give_back(n);
        single.give_back(n);
      }
      RC_ASSERT(shared.reserve(now, n, wait_max)
                == single.reserve(now, n, wait_max));
      RC_ASSERT(shared.available(now) == single.available(now));
    }
  }));
}

TEST_CASE("a shared rate never grants more than GCRA, and hardly less",
          "[rate]") {
  auto rate = GENERATE(uint64_t{3}, uint64_t{7}, uint64_t{999},
                       uint64_t{999'983}, uint64_t{700'000'000});
  rate_options options{.rate = rate, .burst = 4};
  shared_rate shared{options};
  uint64_t taken = 0;
  auto now = start;
  for (; taken < 20'000; ++taken) {
    auto verdict = shared.take(now);
    now += verdict.wait;
    if (!verdict.granted)
      REQUIRE(shared.take(now).granted);
  }
  auto exact = static_cast<double>(taken - 4) * 1e9 / static_cast<double>(rate);
  auto took = static_cast<double>((now - start).count());
  CHECK(took >= exact - 1);
  CHECK(took <= exact + static_cast<double>(taken) / 16 + 1);
}

TEST_CASE("the widest shared rates do not overflow", "[rate]") {
  shared_rate slow{{.rate = 1, .period = 8760h, .burst = 1}};
  CHECK(slow.take(start).granted);
  CHECK(slow.take(start) == rate_verdict{false, 8760h});
  CHECK(slow.reserve(start, 1, duration::max()).granted);
  CHECK_FALSE(slow.reserve(start, 1, duration::max()).granted);
  CHECK_FALSE(slow.take(time_point::min()).granted);
  CHECK(slow.available(start) == -1);
  CHECK(slow.take(time_point::max()).granted);
  shared_rate fast{{.rate = 1'000'000'000, .burst = 1'000'000'000}};
  CHECK(fast.take(start, 1'000'000'000).granted);
  CHECK(fast.take(start) == rate_verdict{false, 1ns});
  CHECK(fast.take(start, UINT64_MAX)
        == rate_verdict{false, rate_verdict::never});
}

TEST_CASE("an earlier time gets no more from a shared rate than a later one",
          "[rate]") {
  shared_rate rate{{.rate = 10, .burst = 2}};
  CHECK(rate.take(start + 1s, 2).granted);
  CHECK(rate.take(start) == rate_verdict{false, 1100ms});
  CHECK(rate.take(start + 1100ms).granted);
}

TEST_CASE("what is given back to a shared rate that is full is lost",
          "[rate]") {
  shared_rate rate{{.rate = 10, .burst = 2}};
  for (int i = 0; i < 100; ++i)
    rate.give_back(UINT64_MAX);
  CHECK(rate.available(start) == 2);
  CHECK(rate.take(start, 2).granted);
  CHECK_FALSE(rate.take(start).granted);
  rate.give_back();
  CHECK(rate.available(start) == 1);
}
