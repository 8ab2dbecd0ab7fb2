#include <bulwark/supervision/detail/backoff.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

std::vector<duration> series(const restart_options& options, size_t n,
                             double unit_random) {
  std::vector<duration> result;
  for (uint32_t i = 0; i < n; ++i)
    result.push_back(backoff_delay(options, i, unit_random));
  return result;
}

} // namespace

TEST_CASE("delays double from 100 ms to 30 s by default", "[backoff]") {
  restart_options options;
  options.jitter = 0;
  CHECK(series(options, 11, 0.7)
        == std::vector<duration>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms,
                                 6400ms, 12800ms, 25600ms, 30s, 30s});
}

TEST_CASE("jitter spreads a delay evenly on both sides", "[backoff]") {
  restart_options options{.initial = 1s, .jitter = 0.2};
  auto close = [](duration a, duration b) {
    return std::abs((a - b).count()) < 10;
  };
  CHECK(close(backoff_delay(options, 0, 0.0), 800ms));
  CHECK(close(backoff_delay(options, 0, 0.25), 900ms));
  CHECK(close(backoff_delay(options, 0, 0.5), 1s));
  CHECK(close(backoff_delay(options, 0, 0.75), 1100ms));
}

TEST_CASE("jitter also spreads the longest delay", "[backoff]") {
  restart_options options;
  CHECK(backoff_delay(options, 100, 0.0) == 24s);
  CHECK(backoff_delay(options, 100, 0.999) > 35s);
}

TEST_CASE("an initial delay of zero stays zero", "[backoff]") {
  restart_options options{.initial = 0s};
  CHECK(backoff_delay(options, 0, 0.9) == 0s);
  CHECK(backoff_delay(options, 4'000'000'000u, 0.9) == 0s);
}

TEST_CASE("a delay never overflows and never turns negative", "[backoff]") {
  restart_options options{.initial = duration::max(),
                          .multiplier = std::numeric_limits<double>::max(),
                          .max = duration::max(),
                          .jitter = 0.99};
  for (auto failures : {0u, 1u, 2u, 1000u, 4'294'967'295u})
    for (auto random : {0.0, 0.5, 0.999999, 1.0, 7.0, -3.0}) {
      CAPTURE(failures, random);
      CHECK(backoff_delay(options, failures, random) >= 0s);
    }
  CHECK(backoff_delay(options, 9, 0.9) == duration::max());
}

TEST_CASE("delays stay within their bounds and never shrink", "[backoff]") {
  std::mt19937_64 random{20261121};
  std::uniform_real_distribution<double> unit{0.0, 1.0};
  for (int round = 0; round < 2000; ++round) {
    restart_options options;
    options.initial = duration{static_cast<int64_t>(unit(random) * 1e9)};
    options.multiplier = 1.0 + 9.0 * unit(random);
    options.max =
      options.initial + duration{static_cast<int64_t>(unit(random) * 1e11)};
    options.jitter = 0.999 * unit(random);
    auto place = unit(random);
    auto previous = duration::zero();
    for (uint32_t n = 0; n < 40; ++n) {
      auto delay = backoff_delay(options, n, place);
      auto most =
        static_cast<double>(options.max.count()) * (1.0 + options.jitter);
      auto least =
        static_cast<double>(options.initial.count()) * (1.0 - options.jitter);
      CAPTURE(round, n, delay.count());
      REQUIRE(delay >= previous);
      REQUIRE(static_cast<double>(delay.count()) <= most + 1.0);
      REQUIRE(static_cast<double>(delay.count()) >= least - 2.0);
      previous = delay;
    }
  }
}

TEST_CASE("cool-downs double up to their maximum", "[backoff]") {
  restart_options options;
  CHECK(cool_down_delay(options, 0) == 60s);
  CHECK(cool_down_delay(options, 1) == 120s);
  CHECK(cool_down_delay(options, 5) == 1920s);
  CHECK(cool_down_delay(options, 6) == 1h);
  CHECK(cool_down_delay(options, 4'294'967'295u) == 1h);
}
