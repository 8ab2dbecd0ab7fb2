#include <bulwark/containers/detail/index_pool.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

// Four threads and three numbers, so that each number changes hands all the
// time. What belongs to a number is written without any other protection:
// under TSan a number that two threads hold at once is a race.

using bulwark::index_pool;

TEST_CASE("threads that share a pool never get one number twice",
          "[index_pool][threads]") {
  constexpr int threads = 4;
  constexpr uint32_t numbers = 3;
  constexpr int rounds = 50'000;
  std::array<std::atomic<uint32_t>, numbers> links{};
  std::array<int64_t, numbers> plain{};
  std::array<std::atomic<bool>, numbers> held{};
  std::atomic<int64_t> got{0};
  std::atomic<int64_t> twice{0};
  index_pool pool;
  auto link = [&](uint32_t i) -> auto& {
    return links[i];
  };
  for (uint32_t i = 0; i < numbers; ++i)
    pool.give(0, i, link);
  auto work = [&] {
    for (int i = 0; i < rounds; ++i) {
      auto mine = pool.take(0, link);
      if (mine == index_pool::none)
        continue;
      ++got;
      twice += held[mine].exchange(true);
      ++plain[mine];
      held[mine] = false;
      pool.give(0, mine, link);
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work);
  for (auto& thread : all)
    thread.join();
  CHECK(twice == 0);
  CHECK(plain[0] + plain[1] + plain[2] == got);
  std::array<bool, numbers> back{};
  for (uint32_t i = 0; i < numbers; ++i) {
    auto index = pool.take(0, link);
    REQUIRE(index < numbers);
    CHECK_FALSE(back[index]);
    back[index] = true;
  }
  CHECK(pool.take(0, link) == index_pool::none);
}
