#include <bulwark/bulkhead/detail/adaptive/adaptive_limit.hpp>

#include <catch2/catch.hpp>

#include <initializer_list>
#include <optional>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("few answers are looked at after half a minute", "[adaptive]") {
  adaptive_limit limit{published(adaptive_algorithm::aimd)};
  time_point now{1h};
  for (int i = 0; i < 8; ++i)
    CHECK(limit.record({10ms, 20, false}, now + i * 4s) == std::nullopt);
  CHECK(limit.record({10ms, 20, false}, now + 32s) == 21);
  CHECK(limit.record({10ms, 20, false}, now + 61s) == std::nullopt);
  // However late the next one comes.
  CHECK(limit.record({10ms, 20, false}, now + 24h) == 22);
}

TEST_CASE("a window needs no more answers than the limit lets in",
          "[adaptive]") {
  adaptive_options options{.algorithm = adaptive_algorithm::aimd, .initial = 3};
  adaptive_limit limit{options};
  time_point now{1h};
  CHECK(limit.record({10ms, 1, false}, now) == std::nullopt);
  CHECK(limit.record({10ms, 2, false}, now) == std::nullopt);
  CHECK(limit.record({10ms, 3, false}, now + 999ms) == std::nullopt);
  CHECK(limit.record({10ms, 1, false}, now + 1s) == 4);
  for (int i = 0; i < 3; ++i)
    CHECK(limit.record({10ms, 4, false}, now + 3s) == std::nullopt);
  CHECK(limit.record({10ms, 4, false}, now + 3s) == 5);
}

TEST_CASE("few answers say little about the mean", "[adaptive]") {
  auto error_of = [](std::initializer_list<duration> latencies) {
    adaptive_options options;
    sample_window window;
    time_point now{1h};
    window.add({1ms, 1, true}, now, 5, options);
    std::optional<window_summary> full;
    for (auto latency : latencies) {
      REQUIRE_FALSE(full);
      full = window.add({latency, 1, false}, now += 1s, latencies.size() + 1,
                        options);
    }
    REQUIRE(full);
    return full->error / 1us;
  };
  CHECK(error_of({30ms}) == 30'000);
  CHECK(error_of({30ms, 30ms}) == 30'000);
  CHECK(error_of({30ms, 30ms, 30ms}) == 0);
  // The standard error, which is 6.454 ms, three times.
  CHECK(error_of({10ms, 20ms, 30ms, 40ms}) == 19'364);
}
