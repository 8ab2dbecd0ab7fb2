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

call_counts::history::totals call_counts::present() const noexcept {
  history::totals result{};
  for (const auto& each : lanes_) {
    result[0] += each.calls.load(std::memory_order_relaxed);
    result[1] += each.successes.load(std::memory_order_relaxed);
    result[2] += each.took.load(std::memory_order_relaxed);
  }
  return result;
}

breaker_metrics call_counts::read(time_point now) const noexcept {
  breaker_metrics result;
  auto total = present();
  auto before = past_.at(now, steps - 1, total);
  auto successes = static_cast<double>(total[1] - before[1]);
  result.total_calls = total[0];
  result.recent_calls = total[0] - before[0];
  if (result.recent_calls > 0)
    result.success_rate = std::min(
      successes * 100 / static_cast<double>(result.recent_calls), 100.0);
  if (successes > 0)
    result.avg_response_time =
      static_cast<double>(total[2] - before[2]) / successes / 1e6;
  for (const auto& each : lanes_) {
    result.slow_calls += each.slow.load(std::memory_order_relaxed);
    result.refused += each.refused.load(std::memory_order_relaxed);
  }
  if (auto at = last_failure_.load(std::memory_order_relaxed); at != 0)
    result.last_failure = time_point{duration{at}};
  return result;
}

} // namespace bulwark
