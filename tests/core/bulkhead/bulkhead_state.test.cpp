#include <bulwark/bulkhead/bulkhead_state.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;

namespace {

bulkhead_options with(uint64_t capacity, uint64_t reserved = 0) {
  bulkhead_options result;
  result.capacity = capacity;
  result.reserved_for_critical = reserved;
  return result;
}

} // namespace

TEST_CASE("a bulkhead's state follows from what is in use",
          "[bulkhead][state]") {
  auto options = with(20);
  CHECK(state_of(0, options) == bulkhead_state::available);
  CHECK(state_of(1, options) == bulkhead_state::allocated);
  CHECK(state_of(15, options) == bulkhead_state::allocated);
  CHECK(state_of(16, options) == bulkhead_state::degraded);
  CHECK(state_of(19, options) == bulkhead_state::degraded);
  CHECK(state_of(20, options) == bulkhead_state::exhausted);
  // It was made smaller while more was out.
  CHECK(state_of(25, options) == bulkhead_state::exhausted);
}

TEST_CASE("with a reserve it is exhausted when normal work finds nothing",
          "[bulkhead][state]") {
  auto options = with(20, 6);
  CHECK(state_of(13, options) == bulkhead_state::allocated);
  // Below the warning threshold, and yet nothing is left.
  CHECK(state_of(14, options) == bulkhead_state::exhausted);
  CHECK(state_of(20, options) == bulkhead_state::exhausted);
}

TEST_CASE("the smallest bulkhead is available or exhausted",
          "[bulkhead][state]") {
  CHECK(state_of(0, with(1)) == bulkhead_state::available);
  CHECK(state_of(1, with(1)) == bulkhead_state::exhausted);
}

TEST_CASE("health goes by utilisation alone, and its bounds are exact",
          "[bulkhead][state]") {
  // The seeds' numbers; 7 of 10 is 70 %, not 69.999999.
  for (uint64_t capacity = 10; capacity <= 5000; capacity += 10) {
    auto health = [=](uint64_t use) {
      return health_of(utilization(use, capacity));
    };
    CHECK(health(capacity / 10 * 7 - 1) == bulkhead_health::healthy);
    CHECK(health(capacity / 10 * 7) == bulkhead_health::degraded);
    CHECK(health(capacity / 10 * 9 - 1) == bulkhead_health::degraded);
    CHECK(health(capacity / 10 * 9) == bulkhead_health::exhausted);
  }
  CHECK(health_of(0) == bulkhead_health::healthy);
  CHECK(health_of(130) == bulkhead_health::exhausted);
  CHECK(health_of(std::numeric_limits<double>::quiet_NaN())
        == bulkhead_health::exhausted);
}

TEST_CASE("utilisation is a percentage, also of very much",
          "[bulkhead][state]") {
  CHECK(utilization(0, 10) == 0.0);
  CHECK(utilization(10, 20) == 50.0);
  CHECK(utilization(30, 20) == 150.0);
  auto most = bulkhead_options::capacity_max;
  CHECK(utilization(most, most) == 100.0);
  CHECK(utilization(5, 0) == 0.0);
}

TEST_CASE("a share of a capacity is a whole number of permits",
          "[bulkhead][state]") {
  CHECK(use_at_share(20, 0.95) == 19);
  CHECK(use_at_share(10, 0.8) == 8);
  CHECK(use_at_share(15, 0.8) == 12);
  CHECK(use_at_share(7, 0.8) == 6);
  CHECK(use_at_share(1, 0.01) == 1);
  CHECK(use_at_share(100, 1.0) == 100);
  auto most = bulkhead_options::capacity_max;
  CHECK(use_at_share(most, 1.0) <= most);
}

TEST_CASE("states and healths have the seeds' names", "[bulkhead][state]") {
  CHECK(to_string(bulkhead_state::available) == "available");
  CHECK(to_string(bulkhead_state::allocated) == "allocated");
  CHECK(to_string(bulkhead_state::degraded) == "degraded");
  CHECK(to_string(bulkhead_state::exhausted) == "exhausted");
  CHECK(to_string(static_cast<bulkhead_state>(9)) == "bulkhead_state(9)");
  CHECK(to_string(bulkhead_health::healthy) == "healthy");
  CHECK(to_string(bulkhead_health::degraded) == "degraded");
  CHECK(to_string(bulkhead_health::exhausted) == "exhausted");
  CHECK(to_string(static_cast<bulkhead_health>(7)) == "bulkhead_health(7)");
}
