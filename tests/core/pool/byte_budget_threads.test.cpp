#include <bulwark/pool/detail/byte_budget.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

using bulwark::byte_budget;

TEST_CASE("threads together never have more than the budget",
          "[byte_budget][threads]") {
  constexpr int threads = 4;
  constexpr int rounds = 50'000;
  constexpr uint64_t limit = 1000;
  byte_budget budget{limit};
  std::atomic<uint64_t> in_use{0};
  std::atomic<uint64_t> most{0};
  std::atomic<uint64_t> refused{0};
  auto work = [&](uint64_t amount) {
    for (int i = 0; i < rounds; ++i) {
      if (!budget.charge(amount)) {
        ++refused;
        continue;
      }
      auto now = in_use.fetch_add(amount) + amount;
      auto known = most.load();
      while (now > known && !most.compare_exchange_weak(known, now))
        continue;
      in_use.fetch_sub(amount);
      budget.uncharge(amount);
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work, 301 + i);
  for (auto& each : all)
    each.join();
  CHECK(most <= limit);
  CHECK(budget.peak() <= limit);
  CHECK(budget.used() == 0);
}
