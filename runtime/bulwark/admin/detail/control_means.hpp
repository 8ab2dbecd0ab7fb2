#pragma once

#include <bulwark/admin/detail/fault_desk.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/gate/gate_status.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/protection/service_breaker.hpp>

#include <caf/actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bulwark::detail {

/// By what a node can be changed while it runs. Functions are called from any
/// thread, must not block, and none may be empty.
///
/// Immutable after construction.
struct control_means {
  std::string node;
  bulkhead_manager bulkheads;

  /// The root supervisor.
  caf::actor root;

  /// All that the node declares or uses.
  std::function<std::vector<gate_status>()> services;

  /// The supervisor of a service; null while it is down.
  std::function<caf::actor(const std::string&)> supervisor;

  /// The breaker of a service's gate; null where it has none.
  std::function<std::shared_ptr<service_breaker>(const std::string&)> breaker;

  std::function<bulwark::log_level()> log_level;
  std::function<void(bulwark::log_level)> set_log_level;

  /// Where experiments lend faults; null: the node was started without
  /// `--chaos`.
  std::shared_ptr<fault_desk> faults = {};

  /// Stops the node as SIGTERM does.
  std::function<void()> leave;
};

} // namespace bulwark::detail
