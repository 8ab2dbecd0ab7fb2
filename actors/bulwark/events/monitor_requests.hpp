#pragma once

#include <bulwark/events/detail/event_message.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

// What can be asked of monitors, also from another node, and what monitors
// tell each other.

/// To a monitor, answered with `recent_events`: the latest `max`, of all
/// nodes unless `node` names one.
struct recent_events_request {
  uint64_t max = 100;
  std::string node;
};

/// Oldest first.
struct recent_events {
  std::vector<event> events;
};

/// To a monitor, answered with `event_counts`.
struct event_counts_request {};

/// What a monitor has counted since it started.
struct event_counts {
  std::vector<component_counts> components;

  /// Events of its own node and of others, repetitions not counted.
  uint64_t events = 0;

  /// Own events that were dropped because too many waited.
  uint64_t dropped = 0;

  /// Events from other nodes that were not well-formed.
  uint64_t malformed = 0;
};

/// From monitor to monitor, answered with `peer_events_ack`: events of the
/// sender's node, in order. They may come more than once.
struct peer_events {
  std::string node;
  uint64_t boot = 0;
  std::vector<event> events;
};

/// Up to which number the events have arrived.
struct peer_events_ack {
  uint64_t sequence = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        recent_events_request& x) {
  return f(caf::meta::type_name("bulwark.recent_events_request"), x.max,
           x.node);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, recent_events& x) {
  return f(caf::meta::type_name("bulwark.recent_events"), x.events);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event_counts_request&) {
  return f(caf::meta::type_name("bulwark.event_counts_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event_counts& x) {
  return f(caf::meta::type_name("bulwark.event_counts"), x.components, x.events,
           x.dropped, x.malformed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_events& x) {
  return f(caf::meta::type_name("bulwark.peer_events"), x.node, x.boot,
           x.events);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_events_ack& x) {
  return f(caf::meta::type_name("bulwark.peer_events_ack"), x.sequence);
}

} // namespace bulwark
