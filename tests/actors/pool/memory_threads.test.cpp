// Memory pools on real threads.

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/pool/memory_pool.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <list>
#include <memory_resource>
#include <thread>
#include <vector>

using namespace bulwark;

TEST_CASE("threads that fill a pool together leave nothing in it",
          "[memory_pool][threads]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  constexpr uint64_t bytes = 20'000;
  memory_pool pool{sys, "ram", bytes};
  std::atomic<int> refused{0};
  std::atomic<int> filled{0};
  std::atomic<uint64_t> left{0};
  std::atomic<int> beyond{0};
  auto work = [&](int number) {
    auto account =
      pool.account({.consumer = "t" + std::to_string(number), .limit = 12'000});
    for (int round = 0; round < 300; ++round) {
      std::pmr::list<int> all{&account.resource()};
      try {
        for (int i = 0; i < 1000; ++i)
          all.push_back(i);
        ++filled;
      } catch (const memory_exhausted&) {
        ++refused;
      }
    }
    left += account.used();
    beyond += account.peak() > 12'000 ? 1 : 0;
  };
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i)
    all.emplace_back(work, i);
  for (auto& each : all)
    each.join();
  // 24 bytes for each of 1000: nobody ever gets so far.
  CHECK(refused == 1200);
  CHECK(filled == 0);
  CHECK(left == 0);
  CHECK(beyond == 0);
  CHECK(pool.compartment().core()->use() == 0);
  pool.stop();
}
