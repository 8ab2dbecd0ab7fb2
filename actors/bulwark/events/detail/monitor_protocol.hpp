#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <string>

namespace bulwark::detail {

/// From the link between nodes to the monitor: events go to this node's
/// monitor from now on, and that one alone tells of that node, in that start
/// of it. Replaces an earlier handle for the same node, and starts again with
/// the oldest own event kept.
struct add_peer_monitor {
  std::string node;
  caf::actor handle;
  uint64_t boot = 0;
};

/// From the link between nodes to the monitor: that node is gone.
struct remove_peer_monitor {
  std::string node;
};

/// From the monitor to itself: events that it holds back may be due.
struct held_events_due {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::add_peer_monitor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::remove_peer_monitor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::held_events_due)
