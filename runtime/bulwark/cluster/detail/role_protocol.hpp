#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

// What the roles of a node are told by their own node, and by themselves. None
// of it can be serialised.

/// From the link: this start of a node is a peer now, and those are its roles.
struct role_peer_up {
  std::string node;
  uint64_t boot = 0;
  caf::strong_actor_ptr roles;
};

/// From the link: that node is no peer any more.
struct role_peer_down {
  std::string node;
};

/// Begin to want roles.
struct role_start {};

/// The timer that was set for `at`.
struct role_wake {
  time_point at;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::role_peer_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::role_peer_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::role_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::role_wake)
