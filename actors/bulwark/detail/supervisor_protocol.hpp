#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <cstdint>

namespace bulwark::detail {

// What a supervisor tells itself. Each message names the child and its
// incarnation, so that one which comes late does nothing.

/// An incarnation ended. Sent by a functor attached to it; not a `down_msg`,
/// because anyone can send that.
struct child_down {
  uint64_t key = 0;
  uint64_t incarnation = 0;
  caf::error reason;
};

/// The delay or cool-down after this incarnation is over.
struct restart_due {
  uint64_t key = 0;
  uint64_t incarnation = 0;
};

/// The time that a stopping child has been given is over.
struct patience_over {
  uint64_t key = 0;
  uint64_t incarnation = 0;

  /// Whether it was killed already.
  bool killed = false;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::child_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::restart_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::patience_over)
