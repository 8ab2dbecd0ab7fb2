#pragma once

#include <bulwark/redundancy/group_replica.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// How many failures more a group can bear: with `h` good members, active or
/// standby, high from 2 x min_healthy, medium from min_healthy, else low.
enum class fault_tolerance : uint8_t { low, medium, high };

/// Returns "LOW", "MEDIUM" or "HIGH".
std::string to_string(fault_tolerance level);

/// A redundancy group as a whole, at one moment.
///
/// Immutable after construction.
struct group_health {
  size_t total_components = 0;

  /// Healthy, also where it is ejected.
  size_t healthy_components = 0;
  size_t degraded_components = 0;
  size_t failed_components = 0;
  size_t recovering_components = 0;
  size_t ejected_components = 0;

  /// Of those that are not down: active, and the others.
  size_t active_components = 0;
  size_t standby_components = 0;

  /// Of all, 0 to 100.
  double health_percentage = 0;

  fault_tolerance fault_tolerance_level = fault_tolerance::low;

  /// One good member more than `min_healthy`, or more: one loss is survivable.
  bool can_handle_failures = false;

  /// Too few are usable, so that also those are used that are ejected.
  bool panic = false;

  friend bool operator==(const group_health&, const group_health&) = default;
};

group_health health_of(const std::vector<group_replica>& members,
                       size_t min_healthy, bool panic = false);

/// "75.0% (MEDIUM tolerance)".
std::string to_text(const group_health& health);

} // namespace bulwark
