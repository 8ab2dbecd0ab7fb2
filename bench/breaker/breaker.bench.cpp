// Question: what does a circuit breaker cost a call that it lets through, in
// nanoseconds for both decisions, before it and after it, told the time; by
// each policy, with 1, 2 and 8 threads that share it, beside the same rule
// behind a mutex?
//
//   bench_breaker [--rounds N] [--calls N]
//
// Both sides in turn; the figures are medians over the turns, per call of one
// thread.

#include "support/arguments.hpp"
#include "support/figures.hpp"

#include <bulwark/protection/detail/breaker.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using bulwark::breaker_policy;
using bulwark::call_outcome;
using bulwark::duration;
using bulwark::time_point;

/// The same rules behind a mutex, with the totals that metrics need.
class locked_breaker {
public:
  explicit locked_breaker(breaker_policy policy) : policy_(policy) {}

  bool admit(time_point now) {
    std::lock_guard guard{lock_};
    return !open_ || now >= until_;
  }

  void record(bool failed, duration took, time_point now) {
    std::lock_guard guard{lock_};
    ++calls_;
    successes_ += failed ? 0 : 1;
    took_ += took;
    open_ = trips(failed, now);
    if (open_)
      until_ = now + std::chrono::seconds{60};
  }

private:
  struct part {
    int64_t step = 0;
    int64_t calls = 0;
    int64_t failures = 0;
  };

  bool trips(bool failed, time_point now) {
    switch (policy_) {
    case breaker_policy::counter:
      failures_ = failed ? failures_ + 1 : std::max(failures_ - 1, 0);
      return failures_ >= 5;
    case breaker_policy::consecutive:
      failures_ = failed ? failures_ + 1 : 0;
      return failures_ >= 5;
    case breaker_policy::count_window:
      failures_ += (failed ? 1 : 0) - (last_[next_] ? 1 : 0);
      last_[next_] = failed;
      next_ = (next_ + 1) % last_.size();
      return calls_ >= 20 && failures_ >= 50;
    case breaker_policy::time_window:
      break;
    }
    auto step = now.time_since_epoch() / std::chrono::seconds{1};
    auto& mine = parts_[static_cast<size_t>(step) % parts_.size()];
    if (mine.step != step)
      mine = {step};
    ++mine.calls;
    mine.failures += failed ? 1 : 0;
    part sum;
    for (const auto& each : parts_)
      if (each.step > step - 10) {
        sum.calls += each.calls;
        sum.failures += each.failures;
      }
    return sum.calls >= 20 && 2 * sum.failures >= sum.calls;
  }

  breaker_policy policy_;
  std::mutex lock_;
  uint64_t calls_ = 0;
  uint64_t successes_ = 0;
  duration took_{0};
  int failures_ = 0;
  std::array<bool, 100> last_{};
  size_t next_ = 0;
  std::array<part, 10> parts_{};
  bool open_ = false;
  time_point until_{};
};

/// Returns the nanoseconds that a call of `one(now)` takes each thread.
template <class F>
double time_of(int64_t threads, int64_t calls, F one) {
  std::atomic<int64_t> ready{0};
  std::vector<double> times(static_cast<size_t>(threads));
  std::vector<std::thread> all;
  for (auto& time : times)
    all.emplace_back([&, calls] {
      ++ready;
      while (ready < threads)
        std::this_thread::yield();
      auto start = std::chrono::steady_clock::now();
      for (int64_t i = 0; i < calls; ++i)
        one(start + duration{i * 100});
      std::chrono::duration<double, std::nano> took =
        std::chrono::steady_clock::now() - start;
      time = took.count() / static_cast<double>(calls);
    });
  for (auto& each : all)
    each.join();
  return bench::median(times);
}

void measure(breaker_policy policy, int64_t threads, int64_t rounds,
             int64_t calls) {
  bulwark::breaker ours{{.policy = policy}};
  locked_breaker locked{policy};
  auto call_ours = [&](time_point now) {
    auto verdict = ours.admit(now);
    if (verdict.admitted)
      ours.record(verdict.ticket, {call_outcome::success, duration{1000}}, now);
  };
  auto call_locked = [&](time_point now) {
    if (locked.admit(now))
      locked.record(false, duration{1000}, now);
  };
  std::vector<double> times;
  std::vector<double> ratio;
  for (int64_t i = 0; i < rounds; ++i) {
    times.push_back(time_of(threads, calls, call_ours));
    ratio.push_back(time_of(threads, calls, call_locked) / times.back());
  }
  auto suffix = to_string(policy) + "_threads" + std::to_string(threads);
  bench::print_figure("breaker_" + suffix, bench::median(times), "ns");
  bench::print_figure("breaker_mutex_ratio_" + suffix, bench::median(ratio),
                      "ratio");
}

} // namespace

int main(int argc, char** argv) {
  bench::arguments given{"bench_breaker"};
  auto& rounds = given.add("rounds", 21, "turns; the medians are over these");
  auto& calls = given.add("calls", 1'000'000, "per turn, side and thread");
  if (auto code = given.read(argc, argv))
    return *code;
  for (auto policy :
       {breaker_policy::counter, breaker_policy::consecutive,
        breaker_policy::count_window, breaker_policy::time_window})
    for (int64_t threads : {1, 2, 8})
      measure(policy, threads, rounds, calls);
  return 0;
}
