#pragma once

#include <bulwark/events/event.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark::detail {

/// From the link between nodes to the monitor: events are exchanged with this
/// node's monitor from now on, in that start of it. Replaces an earlier handle
/// for the same node.
struct add_peer_monitor {
  std::string node;
  caf::actor handle;
  uint64_t boot = 0;
};

/// From the link between nodes to the monitor: that node is gone.
struct remove_peer_monitor {
  std::string node;
};

/// To a monitor of the same process, answered with `events_behind`: those that
/// it knows and the asker does not.
struct events_behind_request {
  /// From the answer before; 0: there was none.
  uint64_t place = 0;

  /// Of a first request: the event behind which to begin. Without a node, only
  /// what comes from now on is told.
  std::string node = {};
  uint64_t boot = 0;
  uint64_t sequence = 0;

  uint64_t max = 100;
};

/// In the order in which the monitor got to know them, whatever their origin.
struct events_behind {
  std::vector<event> events;

  /// Where the first of them stands, and where the next request begins.
  uint64_t first = 0;
  uint64_t place = 0;

  /// Whether some before them are not kept any more, or the event to begin
  /// behind is not.
  bool missed = false;
};

/// From the monitor to itself: events that it holds back may be due.
struct held_events_due {};

/// From the monitor to itself: it is time to tell that it lives.
struct monitor_beat {};

/// From a store's thread to the monitor: what was asked for a peer.
struct batch_read {
  std::string peer;
  uint64_t generation = 0;
  std::string node;
  uint64_t boot = 0;
  uint64_t first = 0;
  std::vector<event> events;
};

/// From a store's thread to the monitor: what was there before its start.
struct history_read {
  std::vector<event> events;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::add_peer_monitor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::remove_peer_monitor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::events_behind_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::events_behind)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::held_events_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::monitor_beat)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::batch_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::history_read)
