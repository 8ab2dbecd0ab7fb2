#pragma once

#include <bulwark/bulkhead/allocation_attempt.hpp>
#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace bulwark {

/// A bulkhead as a pool of resources: some of what `bulkhead_stats` says, in
/// words that others use for it.
struct pool_stats {
  std::string pool_name;
  uint64_t max_size = 0;
  uint64_t active_resources = 0;
  double utilization_percentage = 0;
  bulwark::usage_stats usage_stats;

  friend bool operator==(const pool_stats&, const pool_stats&) = default;
};

/// All bulkheads of a node at one moment.
///
/// Immutable after construction.
struct system_health {
  wall_time timestamp{};

  uint64_t total_bulkheads = 0;

  /// How many are below 70 %, below 90 %, and the rest.
  uint64_t healthy = 0;
  uint64_t degraded = 0;
  uint64_t exhausted = 0;

  /// Healthy ones in percent of all; 100 if there are none.
  double overall_health_score = 100;

  /// The mean of the utilizations, in percent; 0 if there are none.
  double average_utilization = 0;

  /// By name.
  std::map<std::string, bulkhead_stats> bulkhead_details;

  /// Services that something is allocated to, and what.
  uint64_t active_services = 0;
  std::map<std::string, resource_amounts> service_allocations;

  /// Services, and the bulkheads that they are assigned to.
  std::map<std::string, std::set<std::string>> service_assignments;

  /// The utilization of those that have reached their critical threshold.
  std::map<std::string, double> alerts;

  /// `bulkhead_details` as pools.
  std::map<std::string, pool_stats> pool_details() const;

  friend bool operator==(const system_health&, const system_health&) = default;
};

/// Returns the health of what is given; the figures follow from `bulkheads`.
[[nodiscard]] system_health
system_health_of(wall_time now, std::vector<bulkhead_stats> bulkheads,
                 std::map<std::string, resource_amounts> allocations,
                 std::map<std::string, std::set<std::string>> assignments);

} // namespace bulwark
