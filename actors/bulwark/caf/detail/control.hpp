#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

namespace bulwark::detail {

// The messages by which our own actors steer each other. None of them can be
// serialised, so that no other process can forge one.

/// Wakes an actor, so that it looks at its flags.
struct poke {};

/// The only way to stop a gate, a supervisor or a monitor.
struct stop_actor {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::poke)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::stop_actor)
