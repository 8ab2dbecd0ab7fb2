#include <bulwark/protection/detail/call_counts.hpp>

#include <algorithm>

namespace bulwark {

void call_counts::add(bool succeeded, bool slow, duration took,
                      time_point now) noexcept {
  past_.notice(now, [this] { return present(); });
  constexpr auto order = std::memory_order_relaxed;
  auto lane = thread_lane();
  auto& to = lanes_[lane];
  add_on_lane(to.calls, lane, uint64_t{1}, order);
  if (succeeded) {
    auto time = static_cast<uint64_t>(std::max(took, duration{0}).count());
    add_on_lane(to.successes, lane, uint64_t{1}, order);
    add_on_lane(to.took, lane, time, order);
  } else {
    auto at = std::max<int64_t>(now.time_since_epoch().count(), 1);
    auto known = last_failure_.load(order);
    while (at > known
           && !last_failure_.compare_exchange_weak(known, at, order)) {
    }
  }
  if (slow)
    add_on_lane(to.slow, lane, uint64_t{1}, order);
}

uint64_t call_counts::sum(std::atomic<uint64_t> counts::*which) const noexcept {
  uint64_t result = 0;
  for (const auto& each : lanes_)
    result += (each.*which).load(std::memory_order_relaxed);
  return result;
}

call_counts::history::totals call_counts::present() const noexcept {
  return {sum(&counts::calls), sum(&counts::successes), sum(&counts::took)};
}

void call_counts::restart() noexcept {
  for (auto which : {&counts::calls, &counts::successes, &counts::took,
                     &counts::slow, &counts::refused})
    (before_.*which).store(sum(which), std::memory_order_relaxed);
  last_failure_.store(0, std::memory_order_relaxed);
}

breaker_metrics call_counts::read(time_point now) const noexcept {
  auto since = [this](std::atomic<uint64_t> counts::*which) {
    return sum(which) - (before_.*which).load(std::memory_order_relaxed);
  };
  breaker_metrics result;
  result.total_calls = since(&counts::calls);
  result.slow_calls = since(&counts::slow);
  result.refused = since(&counts::refused);
  auto total = present();
  auto past = past_.at(now, steps - 1).value_or(total);
  auto lately = [&](size_t i, std::atomic<uint64_t> counts::*which) {
    auto from = (before_.*which).load(std::memory_order_relaxed);
    return total[i] - std::max(past[i], from);
  };
  result.recent_calls = lately(0, &counts::calls);
  auto calls = static_cast<double>(result.recent_calls);
  auto successes = static_cast<double>(lately(1, &counts::successes));
  auto took = static_cast<double>(lately(2, &counts::took));
  if (calls > 0)
    result.success_rate = std::min(successes * 100 / calls, 100.0);
  if (successes > 0)
    result.avg_response_time = took / successes / 1e6;
  if (auto at = last_failure_.load(std::memory_order_relaxed); at != 0)
    result.last_failure = time_point{duration{at}};
  return result;
}

} // namespace bulwark
