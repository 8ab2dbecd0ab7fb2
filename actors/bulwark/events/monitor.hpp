#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/event_store.hpp>
#include <bulwark/gate/cluster_size.hpp>
#include <bulwark/ledger/alerts.hpp>
#include <bulwark/ledger/objectives.hpp>
#include <bulwark/ledger/threshold_rule.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

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

  /// Optional. Called in the monitor for each own event, and must not block:
  /// where it returns a name, the event carries that of the experiment that
  /// goes on, `experiment=NAME`.
  std::function<std::string()> experiment = {};

  /// Where events are kept, and what was there before this start: the report
  /// counts it. Null: in memory, the newest 10,000.
  std::shared_ptr<event_store> store = {};

  /// How much of the time services are meant to be up; each is measured by the
  /// first that names it.
  std::vector<objective> objectives{objective{}};

  /// Limits of figures beyond which there is an alert, besides those of
  /// objectives whose budget burns too fast. No two of one name.
  std::vector<threshold_rule> alerts = {};

  /// How often alerts are looked for; rounded up to whole beats.
  duration alert_every = std::chrono::seconds{10};

  /// Optional. Gets each alert that begins or ends and is this node's to tell,
  /// in the monitor; must not block. What it throws is ignored.
  std::function<void(const alert_change&)> on_alert = {};

  /// How often the monitor tells its peers and its store that it lives, and
  /// compares the clocks. 0: never; else at least 10 ms.
  duration beat_every = std::chrono::seconds{1};

  /// Events kept for those who ask, of all nodes together.
  size_t recent_max = 1000;

  /// Components counted one by one; further ones are counted together.
  size_t components_max = 10'000;

  /// Nodes that events are exchanged with. At least 1.
  size_t peers_max = cluster_peers_max;
};

/// A running monitor and the way into it. The monitor lives as long as the
/// handle, or until it gets `stop`.
struct running_monitor {
  caf::actor handle;
  emitter events;
};

/// Starts the monitor of a node: it numbers the events that its emitter and
/// its copies hand over, passes them to the sink and to the store, and
/// exchanges them with the monitors of other nodes, those of any origin, so
/// that all know the same. From what it knows it makes the report of the whole
/// cluster; besides, it keeps the latest events and counts all by component. It
/// answers the requests of `monitor_requests.hpp`. Nothing that arrives as a
/// message can end it, but for `stop`.
///
/// @throws std::invalid_argument if an option breaks its rule
running_monitor spawn_monitor(caf::actor_system& system,
                              monitor_options options);

} // namespace bulwark
