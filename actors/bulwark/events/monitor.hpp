#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace bulwark {

/// Where an event in a monitor's hands came from.
enum class event_origin : uint8_t { own, peer };

/// What a monitor is made with.
///
/// Immutable after construction.
struct monitor_options {
  /// Name of this node, and which start of it this is; both are stamped on
  /// every own event.
  std::string node;
  uint64_t boot = 0;

  /// Wall-clock time. Called from any thread. Must be set.
  std::function<wall_time()> now;

  /// Optional. Gets every event once, in the monitor; must not block. What it
  /// throws is ignored.
  std::function<void(const event&, event_origin)> sink;

  /// Events kept for those who ask, of all nodes together, and own ones kept
  /// for peers that were away.
  size_t recent_max = 1000;

  /// Components counted one by one; further ones are counted together.
  size_t components_max = 10'000;

  /// Nodes that events are sent to, and origins of events from elsewhere that
  /// are remembered. At least 1.
  size_t peers_max = 64;
};

/// A running monitor and the way into it. The monitor lives as long as the
/// handle, or until it gets `stop`.
struct running_monitor {
  caf::actor handle;
  emitter events;
};

/// Starts the monitor of a node: it numbers the events that its emitter and
/// its copies hand over, passes them to the sink, keeps the latest, counts all
/// by component, and exchanges them with the monitors of other nodes. It
/// answers the requests of `message_types.hpp`. Nothing that arrives as a
/// message can end it, but for `stop`.
///
/// @throws std::invalid_argument if an option breaks its rule
running_monitor spawn_monitor(caf::actor_system& system,
                              monitor_options options);

} // namespace bulwark
