#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>

namespace bulwark::detail {

// What a child tells its supervisor. It cannot be serialised, so that no other
// process can forge it.

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

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_down)
