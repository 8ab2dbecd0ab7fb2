#include <bulwark/redundancy/group_health.hpp>

#include <iomanip>
#include <sstream>

namespace bulwark {

std::string to_string(fault_tolerance level) {
  switch (level) {
  case fault_tolerance::low:
    return "LOW";
  case fault_tolerance::medium:
    return "MEDIUM";
  case fault_tolerance::high:
    return "HIGH";
  }
  return "fault_tolerance(" + std::to_string(static_cast<int>(level)) + ")";
}

group_health health_of(const std::vector<group_replica>& members,
                       size_t min_healthy, bool panic) {
  group_health result;
  result.total_components = members.size();
  result.panic = panic;
  size_t good = 0;
  for (const auto& each : members) {
    auto is = [&](member_status status) {
      return size_t{each.status == status};
    };
    result.healthy_components += is(member_status::healthy);
    result.degraded_components += is(member_status::degraded);
    result.failed_components += is(member_status::failed);
    result.recovering_components += is(member_status::recovering);
    result.ejected_components += each.ejected;
    auto there = is(member_status::healthy) + is(member_status::degraded);
    (each.active ? result.active_components : result.standby_components) +=
      there;
    good += each.good();
  }
  if (!members.empty())
    result.health_percentage = 100.0
                               * static_cast<double>(result.healthy_components)
                               / static_cast<double>(members.size());
  if (good >= min_healthy)
    result.fault_tolerance_level =
      good >= 2 * min_healthy ? fault_tolerance::high : fault_tolerance::medium;
  result.can_handle_failures = good > min_healthy;
  return result;
}

std::string to_text(const group_health& health) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << health.health_percentage << "% ("
      << to_string(health.fault_tolerance_level) << " tolerance)";
  return out.str();
}

} // namespace bulwark
