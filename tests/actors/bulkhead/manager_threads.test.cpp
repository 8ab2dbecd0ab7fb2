// Goal: allocations from many threads at once leave nothing half allocated, use
// is never above capacity, and everything is back in the end.

#include "support/dice.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;

namespace {

constexpr std::array names{"a", "b", "c"};

void work(const bulkhead_manager& manager, size_t number,
          std::atomic<int>& granted) {
  test::dice dice{number};
  auto service = "s" + std::to_string(number);
  for (int i = 0; i < 2000; ++i) {
    resource_amounts wanted;
    for (const auto* name : names)
      if (dice.roll(2, 3))
        wanted[name] = 1 + dice.below(6);
    if (!manager.allocate(service, wanted))
      continue;
    ++granted;
    static_cast<void>(manager.release(service));
  }
}

} // namespace

TEST_CASE("allocations from many threads are all or nothing",
          "[manager][threads]") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  bulkhead_manager manager{system, {.now = [] { return wall_time{}; }}};
  for (const auto* name : names)
    REQUIRE_FALSE(manager.add(bulkhead{system, name, {.capacity = 10}}));
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 4; ++i)
    threads.emplace_back([&, i] { work(manager, i, granted); });
  for (auto& each : threads)
    each.join();
  CHECK(granted > 1000);
  for (const auto& each : manager.stats()) {
    CHECK(each.current_usage == 0);
    CHECK(each.usage.peak_usage <= 10);
    manager.find(each.name).stop();
  }
  CHECK(manager.health().service_allocations.empty());
  manager.stop();
}
