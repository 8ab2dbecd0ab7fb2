#pragma once

#include <bulwark/gate_status.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bulwark {

/// A service as this node sees it.
///
/// Immutable after construction.
struct service_health {
  std::string service;
  service_state state = service_state::unreachable;

  /// Replicas on this node: up, and declared.
  size_t replicas_up = 0;
  size_t replicas = 0;

  /// Other nodes that offer it and are connected.
  size_t peers_up = 0;

  /// Requests of this node that were handed out and have not come back.
  size_t in_flight = 0;

  /// Messages that wait for a replica.
  size_t waiting = 0;

  /// Whether no replica of it is declared on this node.
  bool remote = false;

  /// What it uses and is not up.
  std::vector<std::string> required_down;
  std::vector<std::string> optional_down;
};

/// All services that a node declares or uses, by name.
///
/// Immutable after construction.
struct node_health {
  std::string node;

  /// Whether the node was told to stop: it is not ready any more.
  bool draining = false;

  std::vector<service_health> services;
};

} // namespace bulwark
