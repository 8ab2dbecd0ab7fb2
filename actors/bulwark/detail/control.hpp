#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>

namespace bulwark::detail {

// The messages by which our own actors steer each other. None of them can be
// serialised, so that no other process can forge one.

/// A child to its supervisor: behaviour installed, messages are welcome.
/// Names the child by the key and incarnation of its `birth`.
struct child_up {
  uint64_t key = 0;
  uint64_t incarnation = 0;
};

/// An incarnation ended. Sent by itself, or by a functor attached to it; not a
/// `down_msg`, because anyone can send that.
struct child_down {
  uint64_t key = 0;
  uint64_t incarnation = 0;
  caf::error reason;
};

/// Wakes an actor, so that it looks at its flags.
struct poke {};

/// The timer of a bulkhead went off.
struct bulkhead_tick {};

/// The timer of a CPU quota went off.
struct quota_tick {};

/// The only way to stop a gate, a supervisor or a monitor.
struct stop_actor {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::poke)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::bulkhead_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::quota_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::stop_actor)
