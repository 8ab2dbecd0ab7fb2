#include <bulwark/rate/detail/rate_limit.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

rate_limit make(uint64_t rate, duration period, uint64_t burst) {
  auto algorithm = GENERATE(rate_algorithm::token_bucket, rate_algorithm::gcra);
  rate_options options{
    .rate = rate, .period = period, .burst = burst, .algorithm = algorithm};
  REQUIRE(validate(options) == std::nullopt);
  return rate_limit{options};
}

constexpr rate_verdict granted{true, 0ns};

constexpr rate_verdict refused(duration wait) {
  return {false, wait};
}

} // namespace

TEST_CASE("a burst is granted at once, then one permit at a time", "[rate]") {
  auto rate = make(10, 1s, 3);
  CHECK(rate.available(start) == 3);
  for (int i = 0; i < 3; ++i)
    CHECK(rate.take(start) == granted);
  CHECK(rate.take(start) == refused(100ms));
  CHECK(rate.take(start + 40ms) == refused(60ms));
  CHECK(rate.take(start + 100ms - 1ns) == refused(1ns));
  CHECK(rate.take(start + 100ms) == granted);
  CHECK(rate.take(start + 100ms) == refused(100ms));
}

TEST_CASE("a rest gives the burst back, and no more", "[rate]") {
  auto rate = make(10, 1s, 3);
  CHECK(rate.take(start, 3) == granted);
  CHECK(rate.available(start + 200ms) == 2);
  CHECK(rate.available(start + 1h) == 3);
  CHECK(rate.take(start + 1h, 3) == granted);
  CHECK(rate.take(start + 1h) == refused(100ms));
}

TEST_CASE("all permits of a request come together, or none", "[rate]") {
  auto rate = make(10, 1s, 5);
  CHECK(rate.take(start, 3) == granted);
  CHECK(rate.take(start, 3) == refused(100ms));
  CHECK(rate.take(start, 2) == granted);
  CHECK(rate.take(start, 0) == granted);
}

TEST_CASE("more than a burst is never there", "[rate]") {
  auto rate = make(10, 1s, 5);
  CHECK(rate.take(start, 6) == refused(rate_verdict::never));
  CHECK(rate.take(start, UINT64_MAX) == refused(rate_verdict::never));
  CHECK(rate.reserve(start, 6, 1h) == refused(rate_verdict::never));
  CHECK(rate.available(start) == 5);
}

TEST_CASE("what is reserved may be used later, within the longest wait",
          "[rate]") {
  auto rate = make(10, 1s, 2);
  CHECK(rate.reserve(start, 2, 0s) == granted);
  CHECK(rate.reserve(start, 1, 250ms) == rate_verdict{true, 100ms});
  CHECK(rate.reserve(start, 1, 250ms) == rate_verdict{true, 200ms});
  CHECK(rate.reserve(start, 1, 250ms) == refused(300ms));
  CHECK(rate.available(start) == -2);
  CHECK(rate.take(start + 100ms) == refused(200ms));
  CHECK(rate.take(start + 300ms) == granted);
}

TEST_CASE("what is given back is there again, up to the burst", "[rate]") {
  auto rate = make(10, 1s, 2);
  CHECK(rate.take(start, 2) == granted);
  rate.give_back();
  CHECK(rate.available(start) == 1);
  rate.give_back(UINT64_MAX);
  CHECK(rate.available(start) == 2);
  CHECK(rate.reserve(start, 2, 0s) == granted);
  CHECK(rate.reserve(start, 2, 1s) == rate_verdict{true, 200ms});
  rate.give_back(2);
  CHECK(rate.take(start + 100ms) == granted);
}

TEST_CASE("a rate keeps its fractions", "[rate]") {
  auto rate = make(3, 1s, 1);
  uint64_t taken = 0;
  for (auto now = start; now < start + 1000s;) {
    auto verdict = rate.take(now);
    taken += verdict.granted ? 1 : 0;
    now += verdict.wait;
  }
  CHECK(taken == 3000);
}

TEST_CASE("rates are exact from one a year to a billion a second", "[rate]") {
  auto slow = make(1, 8760h, 1);
  CHECK(slow.take(start) == granted);
  CHECK(slow.take(start) == refused(8760h));
  CHECK(slow.take(start + 8760h) == granted);
  auto fast = make(1'000'000'000, 1s, 1);
  CHECK(fast.take(start) == granted);
  CHECK(fast.take(start) == refused(1ns));
  CHECK(fast.take(start + 1ns) == granted);
}

TEST_CASE("no more is reserved ahead than can be counted", "[rate]") {
  auto rate = make(1, 8760h, 1);
  uint64_t reserved = 0;
  for (int i = 0; i < 100; ++i)
    reserved += rate.reserve(start, 1, duration::max()).granted ? 1 : 0;
  CHECK(reserved == 74);
  CHECK(rate.reserve(start, 1, duration::max()).granted == false);
}

TEST_CASE("a clock that goes back gives nothing twice", "[rate]") {
  auto rate = make(10, 1s, 2);
  CHECK(rate.take(start, 2) == granted);
  CHECK(rate.take(start - 1h) == refused(100ms));
  CHECK(rate.take(start + 100ms) == granted);
  CHECK(rate.take(start) == refused(100ms));
}

TEST_CASE("a changed rate keeps what is there and what is reserved", "[rate]") {
  auto rate = make(10, 1s, 10);
  CHECK(rate.take(start, 4) == granted);
  rate.change({.rate = 1, .period = 1s, .burst = 20}, start);
  CHECK(rate.available(start) == 6);
  CHECK(rate.available(start + 1s) == 7);
  rate.change({.rate = 1, .period = 1s, .burst = 3}, start + 1s);
  CHECK(rate.available(start + 1s) == 3);
  CHECK(rate.reserve(start + 1s, 3, 0s) == granted);
  CHECK(rate.reserve(start + 1s, 2, 1h) == rate_verdict{true, 2s});
  rate.change({.rate = 10, .period = 1s, .burst = 3}, start + 1s);
  CHECK(rate.available(start + 1s) == -2);
  CHECK(rate.take(start + 1s) == refused(300ms));
}
