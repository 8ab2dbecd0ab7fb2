#include <bulwark/quota/cpu_quota_stats.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bulwark {

bulkhead_stats as_bulkhead(const cpu_quota_stats& what) {
  using std::chrono::ceil;
  using std::chrono::microseconds;
  bulkhead_stats result;
  result.name = what.name;
  result.kind = what.kind;
  auto capacity = ceil<microseconds>(what.quota).count();
  result.max_capacity = result.current_limit = static_cast<uint64_t>(capacity);
  auto use = what.utilization_percent / 100 * static_cast<double>(capacity);
  result.current_usage = static_cast<uint64_t>(std::llround(use));
  result.available_capacity =
    result.max_capacity - std::min(result.current_usage, result.max_capacity);
  result.utilization_percent = what.utilization_percent;
  bulkhead_options as;
  as.capacity = result.max_capacity;
  result.state = state_of(result.current_usage, as);
  result.health = what.health;
  result.active_consumers = what.threads;
  result.usage.total_requests = what.nr_periods;
  result.usage.timeouts = what.nr_throttled;
  result.usage.successful_acquisitions = what.nr_periods - what.nr_throttled;
  return result;
}

} // namespace bulwark
