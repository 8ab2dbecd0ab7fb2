#pragma once

#include <bulwark/gate/gate_status.hpp>

#include <string>
#include <vector>

namespace bulwark {

/// A service as this node sees it: what its gate says, and what it lacks.
///
/// Immutable after construction.
struct service_health : gate_status {
  /// Whether no replica of it is declared on this node.
  bool remote() const noexcept { return replicas == 0; }

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

  /// How the node keeps its events: `off`, `working`, `behind`, `failed`.
  std::string journal;

  std::vector<service_health> services;
};

} // namespace bulwark
