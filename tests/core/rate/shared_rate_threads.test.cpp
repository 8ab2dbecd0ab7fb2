#include <bulwark/rate/detail/shared_rate.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

// Four threads that take faster than permits come, and give some back; time
// passes with each try. What is kept in the end must be the burst and what came
// since, to the permit.

TEST_CASE("threads that share a rate get the burst and what comes, no more",
          "[rate][threads]") {
  constexpr int threads = 4;
  constexpr int rounds = 50'000;
  constexpr auto start = time_point{1h};
  shared_rate rate{{.rate = 1'000'000, .burst = 10}};
  std::atomic<int64_t> clock{0};
  std::atomic<int64_t> kept{0};
  auto work = [&](int thread) {
    for (int i = 0; i < rounds; ++i) {
      time_point now = start + duration{clock += 100};
      if (!rate.take(now).granted)
        continue;
      if (i % 8 == thread)
        rate.give_back();
      else
        ++kept;
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work, i);
  for (auto& thread : all)
    thread.join();
  auto end = start + duration{clock.load()};
  auto came = clock / 1000;
  auto left = rate.available(end);
  CHECK(kept + left <= 10 + came);
  CHECK(kept + left >= 10 + came - 20);
}

TEST_CASE("threads that share a burst get each permit of it once",
          "[rate][threads]") {
  constexpr int threads = 4;
  constexpr int64_t burst = 400'000;
  constexpr auto now = time_point{1h};
  shared_rate rate{{.rate = 1, .burst = burst}};
  std::atomic<int> ready{0};
  std::atomic<int64_t> kept{0};
  auto work = [&] {
    ++ready;
    while (ready < threads)
      std::this_thread::yield();
    int64_t mine = 0;
    while (rate.take(now).granted)
      ++mine;
    kept += mine;
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work);
  for (auto& thread : all)
    thread.join();
  CHECK(kept == burst);
}
