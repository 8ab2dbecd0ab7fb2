#pragma once

#include <bulwark/child_spec.hpp>
#include <bulwark/event.hpp>
#include <bulwark/event_book.hpp>

#include <caf/fwd.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

// What can be asked of supervisors and monitors, also from another node, and
// what monitors tell each other.

/// To a supervisor, answered with `child_counts`.
struct child_counts_request {};

/// How many children a supervisor has.
struct child_counts {
  /// All, in whatever state; 1, the template, with simple_one_for_one.
  uint64_t specs = 0;

  /// Those that were started and have not ended.
  uint64_t active = 0;

  uint64_t supervisors = 0;
  uint64_t workers = 0;

  friend bool operator==(const child_counts&, const child_counts&) = default;
};

/// To a supervisor, answered with `child_list`.
struct which_children {};

/// One child, as it is now.
struct child_info {
  std::string id;
  child_kind kind = child_kind::worker;
  child_state state = child_state::starting;
  uint64_t incarnation = 0;

  /// Restarts in all.
  uint64_t restarts = 0;

  friend bool operator==(const child_info&, const child_info&) = default;
};

/// All children of a supervisor, in the order they are started.
struct child_list {
  std::vector<child_info> children;
};

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

/// Registers all types above under stable names.
void add_message_types(caf::actor_system_config& config);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event& x) {
  // CAF 0.17 knows no std::optional.
  auto has_downtime = x.downtime.has_value();
  auto downtime = x.downtime.value_or(duration{0});
  auto load = [&]() -> caf::error {
    x.downtime.reset();
    if (has_downtime)
      x.downtime = downtime;
    return caf::none;
  };
  return f(caf::meta::type_name("bulwark.event"), x.kind, x.level, x.failure,
           x.component, x.incarnation, x.reason, x.metadata, has_downtime,
           downtime, x.node, x.boot, x.sequence, x.at,
           caf::meta::load_callback(load));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, component_counts& x) {
  return f(caf::meta::type_name("bulwark.component_counts"), x.node,
           x.component, x.failures, x.recoveries, x.changes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_counts_request&) {
  return f(caf::meta::type_name("bulwark.child_counts_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_counts& x) {
  return f(caf::meta::type_name("bulwark.child_counts"), x.specs, x.active,
           x.supervisors, x.workers);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, which_children&) {
  return f(caf::meta::type_name("bulwark.which_children"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_info& x) {
  return f(caf::meta::type_name("bulwark.child_info"), x.id, x.kind, x.state,
           x.incarnation, x.restarts);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_list& x) {
  return f(caf::meta::type_name("bulwark.child_list"), x.children);
}

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
