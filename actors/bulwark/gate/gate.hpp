#pragma once

#include <bulwark/gate/gate_protection.hpp>
#include <bulwark/gate/gate_settings.hpp>
#include <bulwark/gate/gate_status.hpp>
#include <bulwark/gate/peer_offer.hpp>
#include <bulwark/gate/request_figures.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <optional>
#include <string>

namespace bulwark {

namespace detail {
class gate_core;
} // namespace detail

/// The gate of one service on this node: a stable address in front of
/// whatever works behind it.
///
/// Clients talk to `handle()` as to the service itself. What is admitted is
/// forwarded in the sender's thread; while no replica is up it waits within
/// the limits of `gate_options`; at its deadline, when a replica dies on it,
/// or when nothing can be expected any more, the gate answers with an `errc`.
/// Every request gets exactly one answer.
///
/// Nobody but `stop` can end a gate: exit messages are dropped, whatever
/// their reason, and so are links.
///
/// Safe to call from any thread. Copies refer to the same gate.
class gate {
public:
  gate() = default;

  /// Starts a gate.
  gate(caf::actor_system& sys, gate_settings settings);

  /// Returns this gate made anew with `settings`, for the same handle: what
  /// comes from now on is under them. What works with the gate gets the result.
  /// @pre nothing was declared, expected or admitted yet; not called before
  gate with(caf::actor_system& sys, gate_settings settings) const;

  const caf::actor& handle() const noexcept { return handle_; }

  /// What replicas need to hand back what waits when they die.
  const std::shared_ptr<detail::gate_core>& core() const noexcept {
    return core_;
  }

  /// Says that the service has replicas 0 .. n-1 on this node, so that
  /// requests wait for them from now on. @pre `n <= 64`
  void declare_replicas(size_t n) const;

  /// The same of one more. @pre `index < 64`
  void declare_replica(uint8_t index) const;

  /// Tells what became of a replica; fits `child_spec::on_change`. Requests
  /// that arrive after this returns are judged by it. The gate opens or closes
  /// the slot, and answers requests that wait in vain, a little later.
  void replica_changed(uint8_t index, const child_change& change) const;

  /// The same of all of them: they cool down, or wait to be started again, or
  /// are stopped, because the service runs on another node; then only a node
  /// that offers it can be waited for.
  void all_replicas_changed(child_state state) const;

  /// Says that another node offers the service at `gate`, which lets clients
  /// hope at once, or not any more. While none offers it, requests wait for
  /// `gate_options::stash_wait` after the last one was lost; those that come
  /// later are answered `errc::unreachable` at once.
  void peer_up(const std::string& node, caf::strong_actor_ptr gate) const;
  void peer_down(const std::string& node) const;

  /// Says that a node that offers the service takes nothing new: requests go
  /// elsewhere from now on, or wait. When this returns nothing more is on its
  /// way there.
  void peer_drains(const std::string& node) const;

  /// Says that nothing has come from a node that offers the service for too
  /// long, or that something has come again: while it is suspect, others get
  /// what they can do.
  void peer_suspect(const std::string& node, bool suspect) const;

  /// Says how the service does there. Where it takes nothing new it does not
  /// count as up, and gets only what nobody else can do.
  void peer_stands(const std::string& node, const peer_offer& offer) const;

  /// Says that all nodes were asked, and none knows a service of that name.
  /// `nearest`: a name that is known and much like it, or empty. Requests are
  /// answered `errc::no_such_service` then, until a node offers it.
  void offered_nowhere(std::string nearest) const;

  /// Says that it is being found out who else offers the service: requests
  /// wait until as many calls of `peers_told`, instead of being answered
  /// `errc::unreachable`.
  void expect_peers() const;
  void peers_told() const;

  /// Refuses new requests with `errc::draining`, except those that services
  /// make while they work on old ones.
  void drain() const;

  /// Answers everything that is open with `errc::stopped`, and so everything
  /// that comes later. To be called when the replicas have ended.
  void stop() const;

  gate_status status() const;

  /// What became of the messages of this node's clients; empty where the
  /// settings say that nothing is counted.
  request_figures figures() const;

  /// How calls are protected now.
  gate_protection protection() const;

  /// Changes how calls are tried again, and how often that and hedges may be,
  /// while the gate runs; for what is decided from now on, limits of attempts
  /// for calls that come in from now on. Returns the complaint, with service,
  /// field, value and rule, and has changed nothing then: also where calls were
  /// not tried again from the start.
  [[nodiscard]] std::optional<std::string>
  protect(const retry_options& retry, const retry_budget_options& budget) const;

private:
  caf::actor handle_;
  std::shared_ptr<detail::gate_core> core_;
};

} // namespace bulwark
