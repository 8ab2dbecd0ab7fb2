#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/bulkhead/pressure_source.hpp>
#include <bulwark/events/emitter.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace bulwark {

/// What a load_shedder is made with.
///
/// Immutable after construction.
struct load_shedder_settings {
  load_shedding_options load_shedding = {};

  /// Must be set; the load_shedder's alone.
  std::shared_ptr<pressure_source> source = {};

  /// Returns the compartments of the node. Called before each step. Must be
  /// set.
  std::function<std::vector<bulkhead>()> bulkheads = {};

  emitter events = {};

  /// On a thread of its own, because those of the scheduler are what it
  /// watches: when all of them are taken it has to act.
  bool detached = true;
};

/// How often a load_shedder looks: four times within the shorter of
/// `close_after` and `reopen_after`, but between once in 20 ms and once a
/// second.
[[nodiscard]] duration look_interval(const load_shedding_options& options);

/// Starts the load shedder: an actor that reads the gauges, and closes the
/// compartments of an importance, or opens them again, when the options say so.
/// Each change is one event, `bulkhead_isolated` or `bulkhead_reopened`, which
/// names gauge and value. Work that holds a permit of a closed compartment
/// goes on.
///
/// An operator has the last word: a compartment that was closed to all, or
/// drained, is left alone; what is said to a closed one by
/// `isolate_bulkhead` or `drain_bulkhead` stands, until it is reopened and
/// closed by a later step.
///
/// It takes no locks but those of bulkheads, needs no thread of the scheduler
/// to close one, and is ended by its node only.
/// @throws std::invalid_argument what `validate` says of `load_shedding`, or if
/// source or bulkheads are empty
caf::actor spawn_load_shedder(caf::actor_system& sys,
                              load_shedder_settings settings);

} // namespace bulwark
