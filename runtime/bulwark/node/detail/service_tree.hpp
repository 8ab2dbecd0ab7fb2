#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/node/detail/declarations.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What a tree needs besides its services.
struct tree_parts {
  std::function<gate(const std::string&)> gate_of;

  /// Hears of the supervisor of a service whenever it changes; null while it
  /// is down. Runs in the root supervisor. Optional.
  std::function<void(const std::string&, const caf::actor&)> note_supervisor =
    {};

  /// The children that the program has made itself; they come last.
  std::vector<child_spec> others = {};

  emitter events = {};
  uint64_t seed = 0;
};

/// Returns what the root supervisor of a node is made with: one supervisor
/// per service, in the given order, and under each the replicas of its
/// service:
///
///     /root
///     /root/orders
///     /root/orders/orders#1
///
/// The gates hear of every change of their replicas.
supervisor_settings
service_tree(const std::vector<service_declaration*>& services,
             const tree_parts& parts);

} // namespace bulwark::detail
