#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <caf/local_actor.hpp>

namespace bulwark::detail {

/// Has CAF take this for the message that the actor handles: for those who
/// handle one in the place of CAF. For the actor's own thread only.
inline void take_in_hand(caf::local_actor& self, element& what) noexcept {
  self.current_mailbox_element(&what);
}

} // namespace bulwark::detail
