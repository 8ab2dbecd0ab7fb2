#pragma once

#include <bulwark/events/component_counts.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bulwark {

/// What a node's monitor has counted of one of its services.
struct service_counts {
  /// Of its replicas, whichever and in whichever incarnation.
  uint64_t replica_failures = 0;
  uint64_t replica_restarts = 0;

  /// Of the service as a whole: too few replicas were up, or its supervisor
  /// failed.
  uint64_t failures = 0;
  uint64_t recoveries = 0;

  friend bool operator==(const service_counts&,
                         const service_counts&) = default;
};

/// Returns the sums for each service of `node`: what its components with paths
/// `/root/SERVICE` and `/root/SERVICE/...` had. Other components and other
/// nodes do not count.
[[nodiscard]] std::map<std::string, service_counts>
counts_by_service(const std::vector<component_counts>& all,
                  const std::string& node);

} // namespace bulwark
