#pragma once

#include <caf/actor.hpp>
#include <caf/message.hpp>
#include <caf/message_handler.hpp>

#include <optional>

namespace bulwark {

/// What a client of this node gets in place of an error, where no good answer
/// is known. The first that there is, in this order.
///
/// Immutable after construction.
struct gate_substitutes {
  /// What its handler for the client's message returns. Called in the gate's
  /// actor, for one call at a time, which waits for it: it must not block.
  /// Where it has no handler for a message, throws or returns an error, there
  /// is nothing.
  caf::message_handler make = {};

  /// What another service answers to the same message, which its gate is asked
  /// within what is left until the call's deadline: never after that. It must
  /// be a gate, or an actor that answers all requests.
  caf::actor ask = {};

  std::optional<caf::message> value = {};
};

} // namespace bulwark
