#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/options/host_port.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// What a node's side of the cluster is made with.
///
/// Immutable after construction.
struct cluster_options {
  std::string node;
  uint64_t boot = 0;

  /// Where to listen; port 0 lets the system choose.
  std::optional<host_port> listen;

  /// What other nodes are told instead; port 0 is the one it listens on.
  std::optional<host_port> advertise;

  /// Whom to connect to, again and again while they are away.
  std::vector<host_port> join;

  caf::actor monitor;
  emitter events;

  /// The services of this node, by name.
  std::map<std::string, gate> offers;

  /// Seeds the jitter of the tries to connect.
  uint64_t seed = 0;
};

/// This node's side of the cluster: connects to other nodes, tells them which
/// services live here, and tells the gates here which live there. A node that
/// is lost is told to the gates at once, and found again when it is back.
///
/// Confined to one thread, but for `gate_made`.
class cluster {
public:
  /// Most nodes that one node talks to; more are refused.
  static constexpr size_t peers_max = 32;

  /// Listens, if told to. Nothing is offered to anybody before `start`.
  /// @throws listen_error
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

  /// Tells the other nodes that this one takes nothing new, and waits until
  /// their gates know, for at most `notice_time`.
  void drain();

  static constexpr std::chrono::milliseconds notice_time{500};

  /// Says goodbye: for the others this node has left and was not lost. Then
  /// tells whether the actor system can be destroyed: not while CAF's
  /// middleman hangs in a connect, because that would wait for it.
  bool stop();

  /// So long the middleman may take to show that it does not hang.
  static constexpr std::chrono::seconds middleman_time{1};

private:
  caf::actor_system& sys_;
  caf::actor link_;
  std::optional<host_port> bound_;
  std::optional<host_port> advertised_;
};

} // namespace bulwark
