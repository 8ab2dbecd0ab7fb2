#pragma once

#include <bulwark/cluster/cluster.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/node/detail/system_config.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// A node in this process, with a network of its own: what `bulwark::node`
/// makes, but for signals, logs and options. The clusters of two islands talk
/// over real sockets on loopback, because connections that break are what is
/// tested; nothing is timed.
///
/// Confined to one thread.
class island {
public:
  struct settings {
    std::string name;
    std::string cluster = "default";
    uint64_t boot = 1;
    std::vector<bulwark::host_port> join = {};

    /// What others are told of where it listens.
    std::optional<bulwark::host_port> advertise = {};

    /// Services that answer a text with the island's name and the text.
    std::vector<std::string> services = {};

    /// Services that do something else, by name.
    std::map<std::string, bulwark::replica_factory> others = {};

    /// Who decides about roles.
    std::vector<std::string> voters = {};
    bulwark::duration lease = std::chrono::seconds{6};

    bulwark::wire_limits limits = {};
    bulwark::noticing_options noticing = {};

    /// The newest protocol that it speaks.
    std::optional<uint32_t> newest_protocol = {};

    /// With what it proves who it is, and who may be a peer.
    bulwark::tls_options tls = {};
    std::vector<std::string> allowed = {};
    /// Where it keeps which others it knows; empty: nowhere.
    std::filesystem::path kept = {};

    /// What an experiment does to the connections to a node.
    std::function<bulwark::detail::wire_faults(const std::string&)> faults = {};

    /// Registers the message types that this island alone knows.
    std::function<void(caf::actor_system_config&)> types = {};
  };

  explicit island(settings what);

  /// Takes nothing new from now on, as a node that is about to stop, and waits
  /// for what it has.
  void drain();

  /// Says goodbye and ends everything.
  ~island();

  island(const island&) = delete;
  island& operator=(const island&) = delete;

  caf::actor_system& system() { return *system_; }

  bulwark::host_port address() const { return *cluster_->bound(); }

  const caf::actor& monitor() const { return monitor_.handle; }

  /// Returns the gate of a service, wherever that is.
  bulwark::gate gate(const std::string& service);

  /// Asks `service` and returns its answer, or the error in words.
  std::string ask(const std::string& service, const std::string& text);

  /// Waits until the event has happened here. Fails the test after a while.
  bulwark::event await_event(bulwark::event_kind kind,
                             const std::string& component);

  size_t count(bulwark::event_kind kind) const;

  /// Returns the last one of that kind.
  /// @pre there is one
  bulwark::event last(bulwark::event_kind kind) const;

  const caf::actor& supervisor() const { return supervisor_; }

  const bulwark::cluster& links() const { return *cluster_; }

  bulwark::detail::wire& wires() { return cluster_->connections(); }

  /// Listens on a further port, for those who want to reach `whom`.
  uint16_t listen_for(const caf::actor& whom);

private:
  void start_services(
    const std::map<std::string, bulwark::replica_factory>& services);

  bulwark::detail::system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  mutable std::mutex lock_;
  std::vector<bulwark::event> events_;
  bulwark::running_monitor monitor_;
  std::map<std::string, bulwark::gate> gates_;
  caf::actor supervisor_;
  std::unique_ptr<bulwark::cluster> cluster_;
};

/// Asks again until `right` holds. Fails the test after a while.
void await(const std::string& what, const std::function<bool()>& right);

} // namespace test
