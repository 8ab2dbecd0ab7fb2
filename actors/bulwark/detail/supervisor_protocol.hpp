#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>

namespace bulwark::detail {

// What a supervisor tells itself. What comes late does nothing.

/// An incarnation ended. Sent by a functor attached to it; not a `down_msg`,
/// because anyone can send that.
struct child_down {
  uint64_t key = 0;
  uint64_t incarnation = 0;
  caf::error reason;
};

/// The earliest of the times that the supervisor waits for has come.
struct time_is_up {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::time_is_up)
