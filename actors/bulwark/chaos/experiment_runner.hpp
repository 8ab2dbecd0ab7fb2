#pragma once

#include <bulwark/chaos/experiment.hpp>
#include <bulwark/chaos/experiment_report.hpp>
#include <bulwark/events/event.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace bulwark {

/// What an experiment is run with. Functions are called in the runner, must
/// not block, and none may be empty. What one throws ends the experiment as
/// aborted.
///
/// Immutable after construction.
struct experiment_settings {
  experiment what;

  /// Returns the figures of this moment.
  std::function<figure_readings()> readings = {};

  /// Lends a fault to its target, `fault_leases` there, under an id; returns
  /// why not, or nothing. `random` decides what is struck.
  std::function<std::optional<std::string>(const std::string& id,
                                           const fault& what, uint64_t random)>
    lend = {};

  /// Renews it; a target that has restarted does not know it any more.
  std::function<void(const std::string& id)> renew = {};

  /// Ends it; also one that was over already.
  std::function<void(const std::string& id)> lift = {};

  /// Gets the report once, unless the runner is stopped before; it ends then.
  std::function<void(const experiment_report&)> over = {};
};

/// To a runner: something has happened in the cluster.
struct experiment_event {
  event what;
};

/// To a runner: end the faults, at once.
struct abort_experiment {
  std::string why;
};

/// Starts the actor that runs an experiment (`experiment_course`): it looks
/// every second, and lends, renews and lifts faults as that says. Faults end
/// with it: those that it cannot lift any more, because their leases run out.
/// It takes `experiment_event` and `abort_experiment`.
/// @throws std::invalid_argument what `validate` says of the experiment, or if
/// a function is empty
caf::actor spawn_experiment(caf::actor_system& sys,
                            experiment_settings settings);

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::experiment_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::abort_experiment)
