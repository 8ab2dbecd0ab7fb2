#pragma once

#include <bulwark/supervision/detail/child_restarts.hpp>
#include <bulwark/supervision/exit_class.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace bulwark {

/// Names a child for its supervisor: in the order of the starts, never used
/// twice.
using child_key = uint64_t;

/// What a supervisor waits for.
enum class timer_kind : uint8_t {
  /// The delay before a restart, or the end of a cool-down.
  restart,
  /// The child should be up by then.
  ready,
  /// The child should have ended by itself by then.
  shutdown,
  /// The child should have ended after it was killed by then.
  abandon,
  /// The delay before a group is started again.
  group,
  /// It is time to look whether children hang.
  watch,
};

/// Given back to `supervision::on_timer` when its time has come. One that is
/// out of date then does nothing.
struct supervision_timer {
  timer_kind kind = timer_kind::restart;
  child_key key = 0;
  uint64_t generation = 0;

  friend bool operator==(const supervision_timer&,
                         const supervision_timer&) = default;
};

/// Why a supervisor ends.
enum class supervision_end : uint8_t {
  /// It was told to.
  stopped,
  /// More restarts than its limit allows.
  limit,
  /// A child's limit or failure is the supervisor's.
  escalated,
  /// A child did not start while the supervisor itself was started.
  start_failed,
  /// Its significant children have ended.
  significant,
};

// What a supervisor is to do, in the order it is given.

/// Start the child and say `on_up` or `on_ended` when that is known.
struct start_child_step {
  child_key key = 0;
  uint64_t incarnation = 0;
};

/// Ask the child to end. `retire`: nobody waits for its successor, so it may
/// finish first what it has taken up.
struct stop_child_step {
  child_key key = 0;
  bool retire = false;
};

/// End the child whatever it does.
struct kill_child_step {
  child_key key = 0;
};

/// Call `on_timer` with it after `delay`.
struct wait_step {
  supervision_timer timer;
  duration delay{0};
};

/// All children were started once: each is up, or alone with its failure.
struct complete_step {};

/// It is known to be up.
struct up_step {
  child_key key = 0;

  /// Of the failures that this start has ended.
  std::optional<duration> downtime;
};

/// It ended and should not have.
struct failed_step {
  child_key key = 0;
  exit_class how = exit_class::abnormal;

  /// It had not been up.
  bool starting = false;

  /// It was not up in time.
  bool late = false;

  /// It did not come back from a handler in time.
  bool hung = false;

  restart_decision decision;
};

/// Beyond its own limit; it cools down as `decision` says.
struct gave_up_step {
  child_key key = 0;
  restart_decision decision;
};

/// It ended and is not started again by itself. `removed`: and is forgotten.
struct stopped_step {
  child_key key = 0;
  exit_class how = exit_class::shutdown;
  bool killed = false;
  bool removed = false;

  /// It was told to end, and ended otherwise: it crashed.
  bool otherwise = false;

  /// It was not started: its start function did not want it to be.
  bool ignored = false;
};

/// It was stopped for a restart of its group.
struct paused_step {
  child_key key = 0;
  bool killed = false;
  bool otherwise = false;
};

/// It did not end when it was killed; its thread may run for ever. `removed`:
/// and it is forgotten.
struct abandoned_step {
  child_key key = 0;
  bool removed = false;

  /// It counts as a failure: what is to become of it is told next.
  bool counts = false;
};

/// All from `from` on are stopped and started again because of `cause`.
struct group_step {
  child_key from = 0;
  child_key cause = 0;
  duration delay{0};
};

/// Say `on_looked` what the children that are up are at.
struct look_step {};

/// It may hang: it is to be seen better from now on, message by message.
struct suspect_step {
  child_key key = 0;
};

/// The supervisor fails; `cause` was the last straw. Its children are stopped
/// first.
struct failing_step {
  supervision_end why = supervision_end::limit;
  child_key cause = 0;
};

/// Nothing runs any more: end.
struct finish_step {
  supervision_end why = supervision_end::stopped;
};

using supervision_step =
  std::variant<start_child_step, stop_child_step, kill_child_step, wait_step,
               complete_step, up_step, failed_step, gave_up_step, stopped_step,
               paused_step, abandoned_step, group_step, look_step, suspect_step,
               failing_step, finish_step>;

using supervision_steps = std::vector<supervision_step>;

} // namespace bulwark
