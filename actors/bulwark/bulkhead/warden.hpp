#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/flooding.hpp>
#include <bulwark/bulkhead/pressure_source.hpp>
#include <bulwark/emitter.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace bulwark {

/// What a warden is made with.
///
/// Immutable after construction.
struct warden_settings {
  flooding_options flooding = {};

  /// Must be set; the warden's alone.
  std::shared_ptr<pressure_source> source = {};

  /// Returns the compartments of the node. Called before each step. Must be
  /// set.
  std::function<std::vector<bulkhead>()> bulkheads = {};

  emitter events = {};

  /// On a thread of its own, because those of the scheduler are what it
  /// watches: when all of them are taken it has to act.
  bool detached = true;
};

/// How often a warden looks: four times within the shorter of `close_after`
/// and `reopen_after`, but between once in 20 ms and once a second.
[[nodiscard]] duration look_interval(const flooding_options& options);

/// Starts who performs controlled flooding: it looks at the gauges, closes the
/// compartments of an importance to all when `flooding` says so, and opens
/// them again, each with one event, `bulkhead_isolated` or
/// `bulkhead_reopened`, which names gauge and value. What is under way in them
/// goes on.
///
/// An operator has the last word: a compartment that was closed to all, or
/// drained, is left alone; what is said to a closed one by
/// `isolate_bulkhead` or `drain_bulkhead` stands, until it is reopened and
/// closed by a later step.
///
/// It takes no locks but those of bulkheads, needs no thread of the scheduler
/// to close one, and is ended by its node only.
/// @throws std::invalid_argument what `validate` says of `flooding`, or if
/// source or bulkheads are empty
caf::actor spawn_warden(caf::actor_system& sys, warden_settings settings);

} // namespace bulwark
