#pragma once

#include "support/one_service.hpp"

#include <bulwark/cluster/cluster.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/node/detail/system_config.hpp>
#include <bulwark/options/tls_options.hpp>

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// A node's side of a cluster, in this process: what `bulwark::node` makes, but
/// for log, journal and signals.
///
/// Confined to one thread.
class small_node {
public:
  struct settings {
    std::string name;
    std::vector<bulwark::host_port> join = {};
    bulwark::tls_options tls = {};

    /// Whether it runs the service `bench` itself; else another one does.
    bool offers = false;

    /// Hears of what happens to nodes, in any thread.
    std::function<void(const bulwark::event&)> hears = {};
  };

  explicit small_node(settings what);
  ~small_node();

  small_node(const small_node&) = delete;
  small_node& operator=(const small_node&) = delete;

  caf::actor_system& system() { return *system_; }
  bulwark::host_port address() const { return *cluster_->bound(); }

  /// The gate of the service.
  const caf::actor& gate() const { return gate_->handle(); }

  /// Returns when another node is known to offer it.
  void await_peer() const;

private:
  bulwark::detail::system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  bulwark::running_monitor monitor_;
  std::optional<bulwark::gate> gate_;
  caf::actor supervisor_;
  std::unique_ptr<bulwark::cluster> cluster_;
};

} // namespace bench
