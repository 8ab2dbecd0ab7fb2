#include <bulwark/bulkhead/system_health.hpp>

#include <utility>

namespace bulwark {

namespace {

void count(system_health& all, bulkhead_health one) {
  switch (one) {
  case bulkhead_health::healthy:
    ++all.healthy;
    return;
  case bulkhead_health::degraded:
    ++all.degraded;
    return;
  case bulkhead_health::exhausted:
    ++all.exhausted;
    return;
  }
}

} // namespace

std::map<std::string, pool_stats> system_health::pool_details() const {
  std::map<std::string, pool_stats> result;
  for (const auto& [name, each] : bulkhead_details)
    result.emplace(name, pool_stats{name, each.max_capacity, each.current_usage,
                                    each.utilization_percent, each.usage});
  return result;
}

system_health
system_health_of(wall_time now, std::vector<bulkhead_stats> bulkheads,
                 std::map<std::string, resource_amounts> allocations,
                 std::map<std::string, std::set<std::string>> assignments) {
  system_health result;
  result.timestamp = now;
  result.total_bulkheads = bulkheads.size();
  double sum = 0;
  for (auto& each : bulkheads) {
    count(result, each.health);
    sum += each.utilization_percent;
    if (each.current_usage >= use_at_share(each.max_capacity, each.critical))
      result.alerts.emplace(each.name, each.utilization_percent);
    auto name = each.name;
    result.bulkhead_details.emplace(std::move(name), std::move(each));
  }
  if (!bulkheads.empty()) {
    auto total = static_cast<double>(bulkheads.size());
    auto healthy = static_cast<double>(result.healthy);
    result.overall_health_score = healthy / total * 100;
    result.average_utilization = sum / total;
  }
  result.active_services = allocations.size();
  result.service_allocations = std::move(allocations);
  result.service_assignments = std::move(assignments);
  return result;
}

} // namespace bulwark
