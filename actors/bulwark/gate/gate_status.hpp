#pragma once

#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/redundancy/group_replica.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// What a gate can say about its service at this moment.
enum class service_state : uint8_t {
  /// At least one replica takes requests.
  up,
  /// None is up, one is expected back; requests wait.
  restarting,
  /// Failed too often; cools down.
  failed,
  /// Lives on nodes that are not connected.
  unreachable,
  stopped,
};

std::string to_string(service_state state);

/// A service as its gate sees it.
///
/// Immutable after construction.
struct gate_status {
  std::string service;
  service_state state = service_state::unreachable;

  /// Replicas on this node: those that are up and get requests, and all that
  /// are declared.
  size_t replicas_up = 0;
  size_t replicas = 0;

  /// Other nodes that offer the service, are connected, and on which it is up.
  size_t peers_up = 0;

  /// Requests handed to a replica or peer that have not come back.
  size_t in_flight = 0;

  /// Messages that wait for a replica.
  size_t waiting = 0;

  /// The replicas on this node as a redundancy group; nothing where there are
  /// neither standbys nor ejection nor probes. Then `members` has each of them,
  /// in the order of their numbers.
  std::optional<group_health> group = {};
  std::vector<group_replica> members = {};
};

} // namespace bulwark
