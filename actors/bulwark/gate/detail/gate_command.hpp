#pragma once

#include <bulwark/gate/peer_offer.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace bulwark::detail {

/// Something waits, maybe in vain now, or a deadline came closer.
struct gate_poke {};

/// A timer set for `due` went off.
struct gate_tick {
  time_point due{};
};

/// A replica of this node went from one state to another.
struct gate_replica {
  uint8_t index = 0;
  child_change change;

  /// Of one that is abandoned: where it notes what it handles. The next
  /// incarnation may have been started when the gate comes to this.
  std::shared_ptr<const child_control> control = {};
};

/// Another node offers the service, or does not any more (null handle).
struct gate_peer {
  std::string node;
  caf::strong_actor_ptr gate;
};

/// How another node is doing that offers the service.
struct gate_peer_standing {
  std::string node;
  std::optional<bool> suspect = {};
  std::optional<peer_offer> offer = {};
};

/// All nodes that offer the service now have been told of.
struct gate_peers_told {};

struct gate_stop {};

/// What steers a gate. One type, so that telling it from a client's message
/// takes one comparison; cannot be serialised, so that no other process can
/// forge one.
struct gate_command {
  std::variant<gate_poke, gate_tick, gate_replica, gate_peer,
               gate_peer_standing, gate_peers_told, gate_stop>
    what;
};

/// Makes a gate, if it is still there, serve what waits.
void poke_gate(const caf::weak_actor_ptr& gate);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::gate_command)
