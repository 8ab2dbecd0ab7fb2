#pragma once

#include <bulwark/cluster/detail/promise_file.hpp>
#include <bulwark/cluster/detail/role_holder.hpp>
#include <bulwark/cluster/detail/role_messages.hpp>
#include <bulwark/cluster/detail/role_protocol.hpp>
#include <bulwark/cluster/detail/role_state.hpp>
#include <bulwark/cluster/detail/role_voter.hpp>
#include <bulwark/cluster/lease_times.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What the roles of a node are made with.
///
/// Immutable after construction.
struct role_settings {
  std::string node;
  uint64_t boot = 0;

  /// In the same order on all nodes; empty: nobody gets a role.
  std::vector<std::string> voters = {};

  lease_times times = {};

  /// What this node keeps as a voter; null where it is none.
  std::shared_ptr<promise_file> file = {};

  /// The roles that this node wants.
  std::vector<std::shared_ptr<role_state>> roles = {};

  emitter events = {};

  /// Seeds the times at which it tries to get them.
  uint64_t seed = 0;
};

/// Runs one `role_holder` for each role that this node wants, and one
/// `role_voter` for each role that somebody asks for, if this node is a voter.
/// Brings their messages to the roles of peers and back; a message of anybody
/// else changes nothing.
///
/// It waits for the disk before a voter answers, and so needs a thread of its
/// own.
///
/// Confined to one actor.
class role_actor final : public system_actor {
public:
  role_actor(caf::actor_config& config, role_settings settings);

  const char* name() const override { return "bulwark.roles"; }

protected:
  caf::behavior make_behavior() override;

private:
  struct wanted {
    std::shared_ptr<role_state> state;
    role_holder holder;
    time_point wake{};
  };

  struct peer {
    /// Which start of which node, as voters know it.
    std::string identity;
    caf::strong_actor_ptr roles;
  };

  struct own_call {
    size_t role;
    lease_call call;
  };

  void on_start();
  void on_wake(const role_wake& tick);
  void on_call(const role_call& what);
  void on_reply(const role_reply& what);
  void on_stop();

  /// Does what a holder wants, and what follows from it on this node.
  void perform(size_t role, const role_holder::step& what);
  void send_to_voter(size_t role, size_t voter, const lease_call& call);
  void settle_own();
  void publish(wanted& role);
  void plan_wake();

  /// Answers as a voter. Nothing: the promise could not be kept, or there are
  /// too many.
  std::optional<lease_reply> answer(const std::string& role,
                                    const lease_call& call);
  bool save();
  void tell_file(event_kind kind, const std::string& why);

  /// Returns the name of the peer that sent the message in hand, or "".
  std::string sender_node();
  double unit_random();

  /// Let go at the end, also where a timer keeps this alive for a while.
  std::shared_ptr<promise_file> file_;

  const role_settings settings_;

  /// Before that time some promises were given of which nothing is known.
  const time_point began_;

  /// This node's place among the voters, if it is one.
  std::optional<size_t> own_voter_;
  std::vector<wanted> wanted_;

  /// Calls to this node's own voter that wait; a few of each role.
  std::deque<own_call> own_calls_;

  std::map<std::string, role_voter> voters_;
  std::map<std::string, peer> peers_;

  /// Whether a promise is not on the disk, and whether that was told.
  bool unsaved_ = false;
  bool told_unsaved_ = false;

  timer_stack timers_;
  std::mt19937_64 random_;
};

} // namespace bulwark::detail
