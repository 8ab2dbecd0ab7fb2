#pragma once

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
  };

  kind what = kind::drains;

  /// For a person: why.
  std::string reason;

  /// Of `takes` and `yields`.
  std::string service = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_notice& x) {
  return f(caf::meta::type_name("bulwark.peer_notice"), x.what, x.reason,
           x.service);
}

} // namespace bulwark
