// Threads that share breakers, with forced contention: time passes with every
// call, so that states change all the time.

#include <bulwark/protection/detail/keyed_breakers.hpp>
#include <bulwark/protection/detail/recent_latency.hpp>
#include <bulwark/protection/detail/retry_budget.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;

constexpr int threads = 4;
constexpr int rounds = 20'000;
constexpr time_point start{1h};

template <class F>
void in_threads(F f) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(f, i);
  for (auto& each : all)
    each.join();
}

/// What a thread saw.
struct notes {
  std::vector<breaker_change> changes;
  std::map<uint32_t, uint64_t> admitted; // by period
  uint64_t calls = 0;
  uint64_t refused = 0;

  void add(const std::optional<breaker_change>& change) {
    if (change)
      changes.push_back(*change);
  }

  void add(const notes& other) {
    changes.insert(changes.end(), other.changes.begin(), other.changes.end());
    for (const auto& [period, count] : other.admitted)
      admitted[period] += count;
    calls += other.calls;
    refused += other.refused;
  }
};

breaker_options options_of(breaker_policy policy) {
  return {.policy = policy,
          .failure_threshold = 3,
          .recovery_timeout = 1ms,
          .success_threshold = 2,
          .window_calls = 8,
          .window = 100ms,
          .calls_min = 4,
          .slow_rate = 1,
          .jitter = 0.5,
          .probe_limit = 1h};
}

} // namespace

TEST_CASE("threads that share a breaker see each change once, and never more "
          "probes than may be",
          "[breaker][threads]") {
  auto policy =
    GENERATE(breaker_policy::counter, breaker_policy::consecutive,
             breaker_policy::count_window, breaker_policy::time_window);
  breaker its{options_of(policy)};
  std::atomic<int64_t> clock{0};
  std::vector<notes> seen(threads);
  in_threads([&](int thread) {
    auto& mine = seen[static_cast<size_t>(thread)];
    for (int i = 0; i < rounds; ++i) {
      auto now = start + duration{clock += 10'000};
      auto verdict = its.admit(now);
      mine.add(verdict.change);
      if (!verdict.admitted) {
        ++mine.refused;
        continue;
      }
      ++mine.admitted[verdict.ticket.period];
      if (i % 7 == thread)
        std::this_thread::yield();
      auto how =
        i / 64 % 2 == 0 ? call_outcome::failure : call_outcome::success;
      mine.add(its.record(verdict.ticket, {how, 1ms}, now));
      ++mine.calls;
    }
  });
  notes all;
  for (const auto& each : seen)
    all.add(each);
  std::sort(all.changes.begin(), all.changes.end(),
            [](auto& a, auto& b) { return a.period < b.period; });
  CHECK(all.changes.size() > 10);
  auto state = closed;
  uint32_t period = 1;
  for (const auto& each : all.changes) {
    REQUIRE(each.period == ++period);
    REQUIRE(each.from == state);
    state = each.to;
    if (state == half_open)
      REQUIRE(all.admitted[period] <= 2);
    if (state == open)
      REQUIRE(all.admitted[period] == 0);
  }
  CHECK(its.state() == state);
  CHECK(its.period() == period);
  auto end = start + duration{clock.load()};
  CHECK(its.metrics(end).total_calls == all.calls);
  CHECK(its.metrics(end).refused == all.refused);
}

TEST_CASE("a window that threads share holds what its places hold",
          "[breaker][threads]") {
  constexpr size_t size = 3;
  count_window window{size};
  std::atomic<uint32_t> period{1};
  std::atomic<int> too_many{0};
  in_threads([&](int thread) {
    for (int i = 0; i < rounds; ++i) {
      if (thread == 0 && i % 1000 == 0)
        ++period;
      auto sums = window.add(period, i % 3 == 0, i % 5 == 0);
      if (sums && sums->calls > size + threads)
        ++too_many;
    }
  });
  CHECK(too_many == 0);
  // Three more take all places.
  auto last = ++period;
  window.add(last, true, false);
  window.add(last, true, true);
  CHECK(window.add(last, false, false) == window_sums{3, 2, 1});
  CHECK(window.add(last, false, false) == window_sums{3, 1, 1});
  CHECK_FALSE(window.add(last - 1, true, true));
}

TEST_CASE("threads that share a budget take what it holds, to the token",
          "[retry][threads]") {
  retry_budget budget{{.share = 0.5, .per_second = 100}};
  std::atomic<int> taken{0};
  in_threads([&](int) {
    for (int i = 0; i < 1000; ++i)
      budget.deposit(start);
  });
  in_threads([&](int) {
    while (budget.take(start))
      ++taken;
  });
  CHECK(taken == threads * 500 + 1000);
}

TEST_CASE("threads that use more endpoints than are known confuse none of "
          "them",
          "[breaker][threads]") {
  auto options = options_of(breaker_policy::consecutive);
  options.failure_threshold = 2;
  options.recovery_timeout = 1h;
  options.keys_max = 8;
  keyed_breakers its{options};
  std::atomic<int> refused_well{0};
  std::atomic<int> through_failing{0};
  // One endpoint fails always; it has a breaker before the others come.
  for (int i = 0; i < 2; ++i) {
    auto verdict = its.admit("/failing", start);
    verdict.by->record(verdict.said.ticket, {call_outcome::failure, 1ms},
                       start);
  }
  in_threads([&](int thread) {
    for (int i = 0; i < rounds; ++i) {
      auto key = "/" + std::to_string((i * 7 + thread) % 40);
      auto verdict = its.admit(key, start);
      refused_well += verdict.said.admitted ? 0 : 1;
      verdict.by->record(verdict.said.ticket, {call_outcome::success, 1ms},
                         start);
      through_failing += its.admit("/failing", start).said.admitted ? 1 : 0;
    }
  });
  CHECK(refused_well == 0);
  CHECK(through_failing == 0);
  CHECK(its.size() <= 8);
}

TEST_CASE("threads that record latencies leave one of them as the quantile",
          "[hedge][threads]") {
  recent_latency its{0.95, 20};
  in_threads([&](int thread) {
    for (int i = 0; i < rounds; ++i)
      its.record(1ms * (thread + 1));
  });
  REQUIRE(its.quantile());
  CHECK(*its.quantile() >= 1ms);
  CHECK(*its.quantile() <= 4ms);
}
