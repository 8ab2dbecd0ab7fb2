#include "support/dice.hpp"

#include <bulwark/bulkhead/detail/adaptive/adaptive_limit.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

window_summary window(duration latency, size_t in_flight = 1000) {
  return {latency, in_flight, false, 1s};
}

constexpr window_summary all_dropped{std::nullopt, 1000, true, 1s};

// Feeds windows of ten answers that take a second.
struct feeder {
  adaptive_limit limit;
  time_point now{1h};

  void windows(size_t n, duration latency, size_t in_flight) {
    for (size_t i = 0; i < n; ++i) {
      for (int answer = 0; answer < 9; ++answer)
        limit.record({latency, in_flight, false}, now);
      now += 1s;
      limit.record({latency, in_flight, false}, now);
    }
  }
};

adaptive_options any_options(test::dice& dice) {
  auto algorithm = dice.any<adaptive_algorithm>(3);
  adaptive_options result{.algorithm = algorithm};
  result.min = 1 + dice.below(30);
  result.initial = result.min + dice.below(50);
  result.max = result.initial + dice.below(300);
  result.healthy_latency = std::chrono::milliseconds(dice.below(300));
  result.aimd.timeout = 1ms + std::chrono::milliseconds(dice.below(500));
  result.samples_min = 1 + dice.below(5);
  result.vegas.probe_multiplier = 1 + dice.below(3);
  return result;
}

} // namespace

TEST_CASE("AIMD adds one and takes a tenth away", "[adaptive]") {
  aimd how{{}};
  CHECK(how.next(50, window(10ms, 25)) == 51);
  CHECK(how.next(50, window(5s, 25)) == 51);
  CHECK(how.next(50, window(10ms, 24)) == 50);
  CHECK(how.next(50, window(5001ms, 25)) == 45);
  CHECK(how.next(50, all_dropped) == 45);
  CHECK(how.next(50, {10ms, 50, true, 1s}) == 45);
}

TEST_CASE("Gradient2 follows the ratio of the baseline to the latency",
          "[adaptive]") {
  gradient2 how{{}, 0s};
  // The baselines are 100, 200, 400, 1300 ms: the first ten are averaged.
  CHECK(how.next(100, window(100ms)) == Approx(100.8));
  CHECK(how.next(100, window(300ms)) == Approx(100.8));
  CHECK(how.next(100, window(800ms)) == Approx(95.8));
  CHECK(how.next(100, window(4s)) == Approx(90.8));
  CHECK(how.baseline() == 1300ms);
  CHECK(how.next(100, window(4s, 49)) == 100);
  CHECK(how.baseline() == 1840ms);
  CHECK(how.next(100, all_dropped) == 100);
  CHECK(how.next(100, {1ms, 100, true, 1s}) == 100);
  CHECK(how.baseline() < 1500ms);
}

TEST_CASE("Gradient2 learns slowly after ten windows", "[adaptive]") {
  gradient2 how{{.long_window = 99}, 0s};
  for (int i = 0; i < 10; ++i)
    how.next(100, window(100ms));
  how.next(100, window(200ms));
  CHECK(how.baseline() == 102ms);
}

TEST_CASE("no baseline is above what is healthy", "[adaptive]") {
  gradient2 one{{}, 150ms};
  one.next(100, window(800ms));
  CHECK(one.baseline() == 150ms);
  vegas other{{}, 150ms, 0};
  other.next(100, window(800ms));
  CHECK(other.baseline() == 150ms);
}

TEST_CASE("Vegas keeps between alpha and beta requests waiting", "[adaptive]") {
  vegas how{{}, 100ms, 0};
  CHECK(how.next(50, window(100ms)) == 50);
  CHECK(how.baseline() == 100ms);
  CHECK(how.next(50, window(102ms)) == 56);
  CHECK(how.next(50, window(103ms)) == 51);
  CHECK(how.next(50, window(105ms)) == 50);
  CHECK(how.next(50, window(113ms)) == 50);
  CHECK(how.next(50, window(120ms)) == 49);
  CHECK(how.next(50, window(120ms, 24)) == 50);
  CHECK(how.next(50, window(120ms, 25)) == 49);
  CHECK(how.next(50, all_dropped) == 49);
  CHECK(how.next(150, window(120ms)) == 148);
  CHECK(how.next(150, {100ms, 150, true, 1s}) == 148);
  CHECK(how.baseline() == 100ms);
  CHECK(how.next(50, window(90ms)) == 50);
  CHECK(how.baseline() == 90ms);
}

TEST_CASE("Vegas takes a mean for what it surely is not above", "[adaptive]") {
  vegas how{{}, 100ms, 0};
  how.next(50, window(100ms));
  CHECK(how.next(50, {90ms, 50, false, 1s, 4ms}) == 56);
  CHECK(how.baseline() == 100ms);
  CHECK(how.next(50, {90ms, 50, false, 1s, 3ms}) == 50);
  CHECK(how.baseline() == 99ms);
}

TEST_CASE("Vegas probes when the service got faster", "[adaptive]") {
  vegas how{{}, 0s, 0};
  for (int i = 0; i < 5; ++i)
    how.next(40, window(100ms));
  REQUIRE(how.baseline() == 100ms);
  how.next(40, window(80ms));
  CHECK_FALSE(how.probing());
  how.next(40, window(63ms));
  CHECK(how.probing());
  CHECK(how.baseline() == 63ms);
}

TEST_CASE("two probes that measure the same are one measurement",
          "[adaptive]") {
  vegas how{{}, 0s, 0};
  how.next(40, window(100ms));
  for (auto latency : {100ms, 100ms})
    how.next(40, window(latency));
  for (int i = 0; i < 2; ++i)
    how.next(40, {99ms, 10, false, 1s, 2ms});
  CHECK_FALSE(how.probing());
  CHECK(how.baseline() == 100ms);
}

TEST_CASE("a probe goes on until its error is small, eight windows at most",
          "[adaptive]") {
  auto windows_at_half = [](duration error) {
    vegas how{{}, 0s, 0};
    how.next(40, window(100ms));
    size_t windows = 0;
    for (; how.allowed(40) == 20 && windows < 100; ++windows)
      how.next(40, {100ms, 10, false, 1s, error});
    return windows;
  };
  // One for the queue to run dry.
  CHECK(windows_at_half(2500us) == 1 + 1);
  CHECK(windows_at_half(5ms) == 1 + 4);
  CHECK(windows_at_half(10ms) == 1 + 8);
}

TEST_CASE("a tenth less latency is worth another half of the limit",
          "[adaptive]") {
  auto goes_on = [](duration at_a_quarter) {
    vegas how{{}, 0s, 0};
    for (auto latency : {100ms, 100ms, 100ms})
      how.next(40, window(latency));
    for (int i = 0; i < 2; ++i)
      how.next(40, window(at_a_quarter));
    return how.probing();
  };
  CHECK(goes_on(89ms));
  CHECK_FALSE(goes_on(91ms));
}

TEST_CASE("a window tells how far its mean may be off", "[adaptive]") {
  adaptive_options options;
  options.samples_min = 4;
  sample_window window;
  time_point now{1h};
  for (auto latency : {10ms, 20ms, 30ms})
    CHECK_FALSE(window.add({latency, 1, false}, now, 20, options));
  auto full = window.add({40ms, 7, false}, now + 2s, 20, options);
  REQUIRE(full);
  CHECK(full->latency == 25ms);
  CHECK(full->in_flight == 7);
  CHECK(full->length == 2s);
  // 12.91 ms, of four samples.
  CHECK(full->error / 1us == 6454);
}

TEST_CASE("Vegas halves the limit until that helps no more", "[adaptive]") {
  vegas how{{}, 0s, 0};
  auto after = [&](duration latency) {
    CHECK(how.next(40, window(latency)) == 40);
    return how.allowed(40);
  };
  CHECK(after(400ms) == 20);
  // The answers of the first window waited in the old queue.
  CHECK(after(300ms) == 20);
  CHECK(after(200ms) == 10);
  CHECK(after(150ms) == 10);
  CHECK(after(100ms) == 5);
  CHECK(after(100ms) == 5);
  CHECK(after(100ms) == 40);
  CHECK_FALSE(how.probing());
  CHECK(how.baseline() == 100ms);
}

TEST_CASE("a probe waits for twice the latency, in whole windows",
          "[adaptive]") {
  vegas how{{}, 0s, 0};
  how.next(40, window(2s));
  for (int i = 0; i < 2; ++i) {
    how.next(40, window(800ms));
    CHECK(how.allowed(40) == 20);
  }
  how.next(40, window(800ms));
  CHECK(how.allowed(40) == 10);
}

TEST_CASE("a probe ends where it is healthy, or where one is allowed",
          "[adaptive]") {
  vegas content{{}, 100ms, 0};
  content.next(40, window(400ms));
  content.next(40, window(90ms));
  content.next(40, window(90ms));
  CHECK_FALSE(content.probing());
  vegas small{{}, 0s, 0};
  small.next(3, window(4s));
  for (int i = 0; i < 16 && small.allowed(3) == 1.5; ++i)
    small.next(3, window(2s));
  CHECK(small.allowed(3) == 0.75);
  for (int i = 0; i < 16 && small.probing(); ++i) {
    CHECK(small.allowed(3) == 0.75);
    small.next(3, window(1s));
  }
  CHECK_FALSE(small.probing());
  CHECK(small.baseline() == 1s);
}

TEST_CASE("a queue that does not run dry does not hold up a probe",
          "[adaptive]") {
  vegas how{{}, 0s, 0};
  how.next(40, window(400ms));
  size_t windows = 0;
  for (; how.probing() && windows < 100; ++windows)
    how.next(40, window(1min));
  CHECK(windows == 32);
}

TEST_CASE("Vegas probes after so many windows, less a half by chance",
          "[adaptive]") {
  auto windows_until_probe = [](double unit_random) {
    vegas how{{}, 0s, unit_random};
    for (int i = 0; i < 5; ++i)
      how.next(40, window(100ms));
    CHECK_FALSE(how.probing());
    size_t windows = 0;
    for (; !how.probing() && windows < 10'000; ++windows)
      how.next(40, window(110ms));
    return windows;
  };
  CHECK(windows_until_probe(0.0) == 1200);
  CHECK(windows_until_probe(0.5) == 900);
  CHECK(windows_until_probe(1.0) == 600);
}

TEST_CASE("a healthy window probes without a lower limit", "[adaptive]") {
  vegas how{{.probe_multiplier = 1}, 120ms, 0};
  how.next(10, window(100ms));
  for (int i = 0; i < 10; ++i)
    CHECK(how.next(10, window(118ms)) >= 10);
  CHECK_FALSE(how.probing());
  CHECK(how.baseline() == 118ms);
}

TEST_CASE("a limit changes after a second and ten answers", "[adaptive]") {
  adaptive_limit limit{published(adaptive_algorithm::aimd)};
  time_point now{1h};
  for (int i = 0; i < 100; ++i)
    CHECK(limit.record({10ms, 20, false}, now) == std::nullopt);
  CHECK(limit.record({10ms, 20, false}, now + 999ms) == std::nullopt);
  CHECK(limit.record({10ms, 20, false}, now + 1s) == 21);
  CHECK(limit.limit() == 21);
  now += 5s;
  // The last one comes with a time from before.
  for (int i = 0; i < 9; ++i)
    CHECK(limit.record({10ms, 20, false}, now + i * 1s) == std::nullopt);
  CHECK(limit.record({10ms, 20, false}, now - 5s) == 22);
}

TEST_CASE("what is answered too fast tells nothing, unless it is dropped",
          "[adaptive]") {
  feeder given{adaptive_limit{published(adaptive_algorithm::aimd)}};
  given.windows(10, 99us, 20);
  CHECK(given.limit.limit() == 20);
  given.windows(1, 100us, 20);
  CHECK(given.limit.limit() == 21);
  auto now = given.now;
  for (int i = 0; i < 10; ++i)
    given.limit.record({1us, 20, true}, now += 1s);
  CHECK(given.limit.limit() == 20);
}

TEST_CASE("a healthy latency never lowers the limit", "[adaptive]") {
  auto options = published(adaptive_algorithm::gradient2);
  options.initial = 100;
  options.gradient2.tolerance = 1;
  auto after_a_rise = [&] {
    feeder given{adaptive_limit{options}};
    given.windows(20, 10ms, 100);
    given.windows(20, 100ms, 100);
    return given.limit.limit();
  };
  CHECK(after_a_rise() < 60);
  options.healthy_latency = 100ms;
  CHECK(after_a_rise() > 100);
}

TEST_CASE("a limit moves into other bounds, and stays there", "[adaptive]") {
  feeder given{adaptive_limit{published(adaptive_algorithm::aimd)}};
  CHECK(given.limit.change_bounds(1, 200) == std::nullopt);
  CHECK(given.limit.change_bounds(1, 10) == 10);
  given.windows(5, 1ms, 100);
  CHECK(given.limit.limit() == 10);
  CHECK(given.limit.change_bounds(30, 31) == 30);
  given.windows(5, 1ms, 100);
  CHECK(given.limit.limit() == 31);
  given.windows(5, 6s, 100);
  CHECK(given.limit.limit() == 30);
}

TEST_CASE("whatever comes, a limit keeps its bounds and its floor",
          "[adaptive]") {
  test::dice dice{20261122};
  for (int round = 0; round < 600; ++round) {
    auto options = any_options(dice);
    REQUIRE(validate(options) == std::nullopt);
    adaptive_limit limit{options, dice.below(100) / 100.0};
    auto healthy = options.healthy_latency;
    auto calm = dice.roll(1, 2) && healthy >= 1ms;
    time_point now{1h};
    for (int i = 0; i < 300; ++i) {
      auto before = limit.limit();
      auto most = static_cast<size_t>(healthy.count()) * (calm ? 1 : 4);
      auto latency = duration{static_cast<int64_t>(dice.below(most + 1))};
      if (!calm && dice.roll(1, 20))
        latency = dice.roll(1, 2) ? duration::min() : duration::max();
      now += std::chrono::milliseconds(dice.below(900));
      auto told = calm || dice.roll(9, 10) ? now : now - 10s;
      auto changed = limit.record(
        {latency, dice.below(500), !calm && dice.roll(1, 9)}, told);
      CAPTURE(round, i, to_string(options.algorithm), before, calm);
      REQUIRE(limit.limit() >= options.min);
      REQUIRE(limit.limit() <= options.max);
      REQUIRE(changed.value_or(before) == limit.limit());
      REQUIRE(changed != before);
      REQUIRE((!calm || limit.limit() >= before));
      REQUIRE((healthy == 0s || limit.baseline() <= healthy));
    }
  }
}
