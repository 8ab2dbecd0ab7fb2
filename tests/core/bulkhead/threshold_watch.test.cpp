#include <bulwark/bulkhead/detail/threshold_watch.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;

namespace {

bulkhead_options with(uint64_t capacity, double warning = 0.8,
                      double critical = 0.95, double hysteresis = 0.05) {
  bulkhead_options result;
  result.capacity = capacity;
  result.warning = warning;
  result.critical = critical;
  result.hysteresis = hysteresis;
  REQUIRE_FALSE(validate(result));
  return result;
}

std::vector<std::string> told(threshold_watch& watch, uint64_t use) {
  std::vector<std::string> result;
  auto crossed = watch.observe(use);
  for (size_t i = 0; i < crossed.count; ++i) {
    const auto& each = crossed.all[i];
    CHECK(each.use == use);
    result.push_back(std::string{each.threshold}
                     + (each.upward ? " up" : " down"));
  }
  return result;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("each crossing is told once, and in order", "[bulkhead][threshold]") {
  threshold_watch watch{with(20)};
  CHECK(told(watch, 15).empty());
  CHECK(told(watch, 16) == words{"warning up"});
  CHECK(told(watch, 18).empty());
  CHECK(told(watch, 19) == words{"critical up"});
  CHECK(told(watch, 20).empty());
  CHECK(told(watch, 18).empty());
  CHECK(told(watch, 17) == words{"critical down"});
  CHECK(told(watch, 15).empty());
  CHECK(told(watch, 14) == words{"warning down"});
  CHECK(told(watch, 20) == words{"warning up", "critical up"});
  CHECK(told(watch, 0) == words{"critical down", "warning down"});
}

TEST_CASE("a use that swings around a threshold is told once",
          "[bulkhead][threshold]") {
  threshold_watch watch{with(100)};
  CHECK(told(watch, 80) == words{"warning up"});
  for (uint64_t use : {79, 80, 76, 81, 76, 80})
    CHECK(told(watch, use).empty());
  CHECK(told(watch, 75) == words{"warning down"});
}

// It was 23 of 30, which is 0.767, because what is below was rounded up.
TEST_CASE("a threshold is left when the use is the hysteresis below it",
          "[bulkhead][threshold]") {
  threshold_watch watch{with(30)};
  CHECK(told(watch, 24) == words{"warning up"});
  CHECK(told(watch, 23).empty());
  CHECK(told(watch, 22) == words{"warning down"});
}

TEST_CASE("for every capacity, up and down are apart and within it",
          "[bulkhead][threshold]") {
  auto hysteresis = GENERATE(0.0, 0.05, 0.5);
  for (uint64_t capacity = 1; capacity <= 200; ++capacity) {
    threshold_watch watch{with(capacity, 0.5, 0.5, hysteresis)};
    uint64_t up = 0;
    while (told(watch, up).empty())
      ++up;
    CHECK(up >= 1);
    CHECK(up * 2 >= capacity);
    CHECK((up - 1) * 2 < capacity);
    auto down = up;
    while (told(watch, down).empty())
      --down;
    CHECK(down < up);
    auto below = static_cast<double>(capacity) * (0.5 - hysteresis);
    CHECK(static_cast<double>(down) <= std::max(below, 0.0) + 1e-6);
  }
}

TEST_CASE("equal thresholds are both told", "[bulkhead][threshold]") {
  threshold_watch watch{with(10, 1.0, 1.0, 0.0)};
  CHECK(told(watch, 9).empty());
  CHECK(told(watch, 10) == words{"warning up", "critical up"});
  CHECK(told(watch, 9).empty());
  CHECK(told(watch, 8) == words{"critical down", "warning down"});
}

// A compartment of 10 that 12 clients keep full told of each permit that came
// back: 0.05 of 10 is half a permit.
TEST_CASE("one permit that comes and goes crosses nothing, in any capacity",
          "[bulkhead][threshold]") {
  auto hysteresis = GENERATE(0.0, 0.05);
  for (uint64_t capacity = 2; capacity <= 100; ++capacity)
    for (uint64_t use = 1; use <= capacity; ++use) {
      threshold_watch watch{with(capacity, 0.8, 0.95, hysteresis)};
      told(watch, use);
      told(watch, use - 1);
      auto crossed = told(watch, use);
      INFO("capacity " << capacity << ", use " << use);
      CHECK((crossed.empty() || use == 1));
    }
}

TEST_CASE("a bulkhead of one is all or nothing", "[bulkhead][threshold]") {
  threshold_watch watch{with(1)};
  CHECK(told(watch, 0).empty());
  CHECK(told(watch, 1) == words{"warning up", "critical up"});
  CHECK(told(watch, 0) == words{"critical down", "warning down"});
}

TEST_CASE("as much hysteresis as there is to the threshold means nothing",
          "[bulkhead][threshold]") {
  threshold_watch watch{with(10, 0.8, 0.95, 0.8)};
  CHECK(told(watch, 8) == words{"warning up"});
  CHECK(told(watch, 1).empty());
  CHECK(told(watch, 0) == words{"warning down"});
}

TEST_CASE("thresholds move with the capacity, and nothing is told twice",
          "[bulkhead][threshold]") {
  threshold_watch watch{with(20)};
  CHECK(told(watch, 16) == words{"warning up"});
  watch.set_capacity(16);
  CHECK(told(watch, 16) == words{"critical up"});
  watch.set_capacity(40);
  CHECK(told(watch, 16) == words{"critical down", "warning down"});
  watch.set_capacity(20);
  CHECK(told(watch, 16) == words{"warning up"});
}

TEST_CASE("whatever crosses is not quiet, and what is quiet crosses nothing",
          "[bulkhead][threshold]") {
  auto capacity = GENERATE(1, 2, 3, 10, 19);
  threshold_watch watch{with(static_cast<uint64_t>(capacity), 0.6, 0.9, 0.2)};
  for (int from = 0; from <= capacity; ++from)
    for (int to = 0; to <= capacity; ++to) {
      told(watch, static_cast<uint64_t>(from));
      auto quiet = watch.quiet();
      auto use = static_cast<uint64_t>(to);
      auto is_quiet = use >= quiet.from && use < quiet.to;
      CHECK(told(watch, use).empty() == is_quiet);
    }
}
