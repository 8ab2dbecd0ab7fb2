#include <bulwark/containers/detail/thread_lane.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

using namespace bulwark;

TEST_CASE("threads that live at once never share an own lane",
          "[thread_lane][threads]") {
  constexpr size_t threads = lanes + 4;
  std::array<size_t, threads> seen{};
  std::atomic<size_t> ready{0};
  std::vector<std::thread> all;
  for (size_t i = 0; i < threads; ++i)
    all.emplace_back([&, i] {
      seen[i] = thread_lane();
      ++ready;
      while (ready < threads)
        std::this_thread::yield();
    });
  for (auto& thread : all)
    thread.join();
  std::set<size_t> own{thread_lane()};
  size_t sharing = 0;
  for (auto lane : seen) {
    CHECK(lane < lanes);
    if (lane >= own_lanes)
      ++sharing;
    else
      CHECK(own.insert(lane).second);
  }
  CHECK(sharing >= threads - own_lanes);
}

TEST_CASE("the next owner of a lane sees what the last one wrote",
          "[thread_lane][threads]") {
  // Not atomic: under TSan, a lane handed over without order is a race.
  std::array<size_t, own_lanes> written{};
  std::atomic<size_t> shared{0};
  constexpr size_t rounds = 200;
  constexpr size_t at_once = 4;
  for (size_t round = 0; round < rounds; ++round) {
    std::vector<std::thread> all;
    for (size_t i = 0; i < at_once; ++i)
      all.emplace_back([&] {
        if (auto lane = thread_lane(); lane < own_lanes)
          ++written[lane];
        else
          ++shared;
      });
    for (auto& thread : all)
      thread.join();
  }
  size_t sum = shared;
  for (auto n : written)
    sum += n;
  CHECK(sum == rounds * at_once);
}

TEST_CASE("sums over lanes lose nothing, however many add",
          "[thread_lane][threads]") {
  std::array<std::atomic<uint32_t>, lanes> sums{};
  constexpr uint32_t threads = lanes + 4;
  constexpr uint32_t each = 5000;
  std::vector<std::thread> all;
  for (uint32_t i = 0; i < threads; ++i)
    all.emplace_back([&] {
      auto lane = thread_lane();
      for (uint32_t n = 0; n < each; ++n)
        add_on_lane(sums[lane], lane, uint32_t{1}, std::memory_order_relaxed);
    });
  for (auto& thread : all)
    thread.join();
  uint32_t sum = 0;
  for (auto& n : sums)
    sum += n;
  CHECK(sum == threads * each);
}
