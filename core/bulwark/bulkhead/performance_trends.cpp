#include <bulwark/bulkhead/performance_trends.hpp>

#include <algorithm>

namespace bulwark {

void metrics_history::add(const std::vector<bulkhead_stats>& sample,
                          time_point now) {
  for (const auto& each : sample) {
    auto ring = rings_.try_emplace(each.name, samples_max_).first;
    ring->second.add({now, each.utilization_percent});
  }
}

performance_trends metrics_history::trends(duration period,
                                           time_point now) const {
  performance_trends result;
  result.time_period_hours =
    std::chrono::duration<double, std::ratio<3600>>{period}.count();
  for (const auto& [name, ring] : rings_) {
    auto trend = trend_of(ring, now, period);
    if (!trend)
      continue;
    result.metrics_count =
      std::max(result.metrics_count, uint64_t{trend->metrics_count});
    result.covered = std::max(result.covered, trend->covered);
    result.bulkhead_trends.emplace(name, *trend);
  }
  if (result.bulkhead_trends.empty())
    result.message = "No recent metrics available";
  return result;
}

} // namespace bulwark
