#pragma once

#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/cluster/cluster_member.hpp>
#include <bulwark/gate/gate_status.hpp>
#include <bulwark/gate/request_figures.hpp>
#include <bulwark/journal/journal_stats.hpp>
#include <bulwark/protection/breaker_metrics.hpp>

#include <caf/actor.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Where a node is between its start and its end.
enum class node_phase : uint8_t {
  /// Services, hooks and the cluster are being started.
  starting,
  serving,
  /// It was told to stop.
  draining,
};

std::string to_string(node_phase phase);

/// How a node keeps its events.
///
/// Immutable after construction.
struct journal_figures {
  /// `off`, `working`, `behind` or `failed`.
  std::string state = "off";

  /// Nothing: there is no journal.
  std::optional<journal_stats> stats = std::nullopt;
};

/// What became of the messages of this node's clients to a service.
///
/// Immutable after construction.
struct service_requests {
  std::string service;
  request_figures figures;
};

/// The breaker of a service's gate.
///
/// Immutable after construction.
struct breaker_figures {
  std::string service;
  breaker_metrics metrics;
};

/// Where the pages of a node come from. Functions are called from any thread,
/// must not block, and none may be empty.
///
/// Immutable after construction.
struct admin_sources {
  std::string node;
  std::string cluster;

  /// The node's own actors.
  caf::actor monitor;
  caf::actor root;

  std::function<node_phase()> phase;

  /// The supervisor of a service; null while it is down.
  std::function<caf::actor(const std::string&)> supervisor;

  /// All that the node declares or uses.
  std::function<std::vector<gate_status>()> services;
  std::function<std::vector<service_requests>()> requests;
  std::function<std::vector<breaker_figures>()> breakers;
  std::function<std::vector<bulkhead_stats>()> bulkheads;
  std::function<journal_figures()> journal;

  /// The other nodes that this one knows, and the time by which to tell since
  /// when they are as they are.
  std::function<std::vector<cluster_member>()> members;
  std::function<time_point()> now;

  /// What `/api/health` answers: JSON.
  std::function<std::string()> health;
};

} // namespace bulwark::detail
