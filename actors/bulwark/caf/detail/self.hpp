#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/run_context.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/local_actor.hpp>

// What an actor asks about itself. For the actor's own thread only.

namespace bulwark::detail {

inline run_context context_of(caf::local_actor& self) noexcept {
  return self.context();
}

inline caf::strong_actor_ptr handle_of(caf::abstract_actor& self) noexcept {
  return caf::strong_actor_ptr{self.ctrl()};
}

/// For who must not keep the actor alive.
inline caf::weak_actor_ptr weak_handle_of(caf::abstract_actor& self) noexcept {
  return caf::weak_actor_ptr{self.ctrl()};
}

/// Returns the message that it handles; null between two of them.
inline const element* message_in_hand(caf::local_actor& self) noexcept {
  return self.current_mailbox_element();
}

/// Whether it has called `quit`, and perhaps has not ended yet.
inline bool has_quit(const caf::local_actor& self) noexcept {
  return self.getf(caf::abstract_actor::is_shutting_down_flag);
}

/// Whether CAF has ended it: all that is left is to drop its last handle.
inline bool has_ended(const caf::local_actor& self) noexcept {
  return self.getf(caf::abstract_actor::is_cleaned_up_flag);
}

/// Whether other actors run in its thread.
inline bool shares_thread(const caf::local_actor& self) noexcept {
  return !self.getf(caf::abstract_actor::is_detached_flag)
         && !self.getf(caf::abstract_actor::is_blocking_flag);
}

} // namespace bulwark::detail
