#pragma once

#include <caf/error.hpp>

namespace bulwark::detail {

// What is thrown to leave CAF's frames, inside an actor of ours that catches
// it. Deliberately no std::exception, so that services do not swallow it.

/// Only the message at hand fails; CAF would end the actor.
struct message_failed {};

/// The actor ends; CAF would keep it.
struct actor_crashed {
  caf::error reason;
};

/// Ends a blocking actor at its next look at the mailbox.
struct end_actor {
  caf::error reason;
};

} // namespace bulwark::detail
