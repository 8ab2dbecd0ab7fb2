#pragma once

#include <bulwark/calls/call_options.hpp>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/message_priority.hpp>

#include <utility>

namespace bulwark {

// What `call_options` as the first element of a message does, as calls. For
// handles of any kind, typed ones too.

/// Makes a request of a service through its gate, and says how:
///
///     bulwark::request(self, orders, {.key = "ada"}, place_order{...})
///       .then([](const receipt& x) { ... });
///
/// Waits as long as the gate does: `gate_options::timeout`, or
/// `call_options::within` if that is shorter.
template <class Self, class Handle, class... Ts>
auto request(Self* self, const Handle& gate, call_options how,
             Ts&&... content) {
  return self->request(caf::actor_cast<caf::actor>(gate), caf::infinite,
                       std::move(how), std::forward<Ts>(content)...);
}

/// Sends a message to a service through its gate, and says how.
template <class Self, class Handle, class... Ts>
void send(Self* self, const Handle& gate, call_options how, Ts&&... content) {
  self->send(caf::actor_cast<caf::actor>(gate), std::move(how),
             std::forward<Ts>(content)...);
}

} // namespace bulwark
