#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <caf/invoke_message_result.hpp>
#include <caf/local_actor.hpp>

namespace bulwark::detail {

/// Has CAF take this for the message that the actor handles: for those who
/// handle one in the place of CAF. For the actor's own thread only.
inline void take_in_hand(caf::local_actor& self, element& what) noexcept {
  self.current_mailbox_element(&what);
}

/// What `hooked_actor` is told of a message that was handled so.
inline constexpr auto handled_here = caf::invoke_message_result::consumed;

} // namespace bulwark::detail
