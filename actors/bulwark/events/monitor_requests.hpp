#pragma once

#include <bulwark/caf/sent_wall_time.hpp>
#include <bulwark/events/detail/event_message.hpp>

#include <caf/meta/type_name.hpp>

#include <chrono>
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

/// To a monitor, answered with `fault_tolerance_report_text`: the report of
/// the whole cluster, as far as that monitor knows it. `format` is "text" or
/// "json"; `component` restricts the list of components to those with this id
/// or path, `*` stands for any characters; `window` is one more over which
/// availability is told.
struct fault_tolerance_report_request {
  std::string format = "text";
  std::string component;
  duration window = std::chrono::hours{24};
};

struct fault_tolerance_report_text {
  std::string text;
};

/// From monitor to monitor: which events of any origin the sender has, those
/// that changed since it told before. Until `alive`, a `ledger_time`, its node
/// has told nothing beyond number `upto` of this boot.
struct peer_positions {
  std::string node;
  uint64_t boot = 0;
  uint64_t upto = 0;
  wall_time alive{};

  /// The sender has nothing else: it was just connected, or has lost what it
  /// had.
  bool anew = false;
  std::vector<event_position> has;
};

/// From monitor to monitor, answered with `peer_events_ack`: events of one
/// origin, in order. They may come more than once. Numbers missing between
/// `first` and the last one are gone for good where the sender is.
struct peer_events {
  std::string node;
  uint64_t boot = 0;
  uint64_t first = 1;
  std::vector<event> events;
};

/// Up to which number the receiver has everything of that origin.
struct peer_events_ack {
  uint64_t upto = 0;
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
typename Inspector::result_type inspect(Inspector& f,
                                        fault_tolerance_report_request& x) {
  return f(caf::meta::type_name("bulwark.fault_tolerance_report_request"),
           x.format, x.component, x.window);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        fault_tolerance_report_text& x) {
  return f(caf::meta::type_name("bulwark.fault_tolerance_report_text"), x.text);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_positions& x) {
  sent_wall_time alive{x.alive};
  return f(caf::meta::type_name("bulwark.peer_positions"), x.node, x.boot,
           x.upto, alive, x.anew, x.has);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_events& x) {
  return f(caf::meta::type_name("bulwark.peer_events"), x.node, x.boot, x.first,
           x.events);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, peer_events_ack& x) {
  return f(caf::meta::type_name("bulwark.peer_events_ack"), x.upto);
}

} // namespace bulwark
