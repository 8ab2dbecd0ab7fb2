#pragma once

#include <bulwark/cluster/cluster_member.hpp>
#include <bulwark/cluster/lease_times.hpp>
#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/cluster/wire_limits.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/cluster_size.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/options/node_options.hpp>
#include <bulwark/options/tls_options.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulwark {

namespace detail {
class member_board;
class peer_file;
class promise_file;
class role_state;
class wire;
struct wire_faults;
} // namespace detail

/// What a node's side of the cluster is made with.
///
/// Immutable after construction.
struct cluster_options {
  std::string node;

  /// Of the cluster that the node belongs to.
  std::string name = node_options{}.cluster;

  uint64_t boot = 0;

  /// Where to listen; port 0 lets the system choose.
  std::optional<host_port> listen;

  /// What other nodes are told instead; port 0 is the one it listens on.
  std::optional<host_port> advertise;

  /// Whom to connect to, again and again while they are away.
  std::vector<host_port> join;

  caf::actor monitor;
  emitter events;

  /// For messages to other nodes that cannot be sent and that nobody waits for
  /// an answer to.
  dead_letter_box letters;

  wire_limits limits;
  noticing_options noticing;

  /// For tests: the newest protocol that it speaks, as a node of the version
  /// before does.
  std::optional<uint32_t> newest_protocol;

  /// With what nodes prove who they are; not given: nothing is encrypted.
  tls_options tls;

  /// Which names other nodes may have, as patterns with `*` and `?`; empty:
  /// any.
  std::vector<std::string> allowed;

  /// The services of this node, by name.
  std::map<std::string, gate> offers;

  /// Whether a service of this node is closed to what others want of it. Null:
  /// none is.
  std::function<bool(const std::string& service)> isolated;

  /// Those of them that run on one node at a time: here when `move` says so.
  std::set<std::string> singletons;

  /// Which nodes decide who has a role, and for how long they lend it: the same
  /// on all nodes. Empty: nobody gets one.
  std::vector<std::string> voters;
  duration lease = lease_times{}.lease;

  /// Where this node keeps what it promises as a voter; one without answers
  /// nobody.
  std::shared_ptr<detail::promise_file> promises;

  /// Where it keeps which nodes it knows, and the time for that. Without a
  /// file, nowhere.
  std::shared_ptr<const detail::peer_file> kept;
  std::function<wall_time()> wall;

  /// The roles that this node wants.
  std::vector<std::shared_ptr<detail::role_state>> roles;

  /// What an experiment does to the connections to a node; see `wire_options`.
  std::function<detail::wire_faults(const std::string& node)> faults = {};

  /// Seeds the jitter of the tries to connect.
  uint64_t seed = 0;
};

/// This node's side of the cluster: connects to other nodes, tells them which
/// services live here, and tells the gates here which live there. A node that
/// is lost is told to the gates at once, and found again when it is back.
///
/// Confined to one thread, but for what says otherwise.
class cluster {
public:
  /// Most nodes that one node talks to; more are refused. Gates and the monitor
  /// have room for as many.
  static constexpr size_t peers_max = cluster_peers_max;

  /// Listens, if told to. Nothing is offered to anybody before `start`.
  /// @throws listen_error, or config_error if the files of TLS cannot be used
  cluster(caf::actor_system& sys, cluster_options options);

  /// Where other nodes can connect, with the port that was chosen.
  const std::optional<host_port>& bound() const noexcept { return bound_; }

  /// What other nodes are told of that.
  const std::optional<host_port>& advertised() const noexcept {
    return advertised_;
  }

  /// Answers those who connect and begins to connect to others.
  void start();

  /// Tells of a gate on this node, so that it learns who offers its service.
  /// Safe to call from any thread.
  void gate_made(const std::string& service, const gate& which) const;

  /// Lets a circuit breaker of this node know of those of other nodes for the
  /// same service; and tells these its news.
  /// Both are safe to call from any thread.
  void breaker_made(const std::string& service,
                    std::shared_ptr<service_breaker> which) const;
  void tell_breakers(const std::string& service,
                     const breaker_knowledge& news) const;

  /// Tells the other nodes that a singleton runs here from now on, or does not.
  /// Safe to call from any thread.
  void move(const std::string& service, bool here) const;

  /// Tells the other nodes that this one takes nothing new, and waits until
  /// their gates know, for at most `notice_time`.
  void drain();

  static constexpr std::chrono::milliseconds notice_time{500};

  /// Says goodbye: for the others this node has left and was not lost. Must
  /// come before the actor system ends.
  void stop();

  /// Returns the other nodes that this one knows. Safe to call from any thread.
  std::vector<cluster_member> members() const;

  /// The connections to other nodes.
  detail::wire& connections() const { return *wire_; }

private:
  caf::actor_system& sys_;
  std::shared_ptr<detail::wire> wire_;
  std::shared_ptr<detail::member_board> board_;
  caf::actor roles_;
  caf::actor link_;
  std::optional<host_port> bound_;
  std::optional<host_port> advertised_;
};

} // namespace bulwark
