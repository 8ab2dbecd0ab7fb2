#pragma once

#include <bulwark/protection/breaker_notice.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What a node tells a peer that it is connected to. A request, answered with
/// nothing once it counts; only from the link that said hello.
struct peer_notice {
  enum class kind : uint8_t {
    /// The sender is about to stop: its gates take nothing new.
    drains,

    /// The sender talks to another start of a node of the receiver's name.
    replaced,

    /// The service runs at the sender from now on, or does no longer. It
    /// offered
    /// it in its hello.
    takes,
    yields,

    /// Another start of the receiver's name wants to be a peer: is the receiver
    /// there?
    doubted,

    /// What is known of the circuit breakers of a service on all nodes. With
    /// `asks` the sender wants to know the same of the receiver.
    breakers,
  };

  kind what = kind::drains;

  /// For a person: why.
  std::string reason;

  /// Of `takes`, `yields` and `breakers`.
  std::string service = {};

  /// Of `breakers`.
  breaker_knowledge knowledge = {};
  bool asks = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, breaker_notice& x) {
  return f(caf::meta::type_name("bulwark.breaker_notice"), x.node, x.boot,
           x.number, x.open);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, breaker_order& x) {
  return f(caf::meta::type_name("bulwark.breaker_order"), x.version, x.node,
           x.forced_open);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, breaker_knowledge& x) {
  return f(caf::meta::type_name("bulwark.breaker_knowledge"), x.notices,
           x.order);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_notice& x) {
  return f(caf::meta::type_name("bulwark.peer_notice"), x.what, x.reason,
           x.service, x.knowledge, x.asks);
}

} // namespace bulwark
