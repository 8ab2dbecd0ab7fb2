#pragma once

#include <bulwark/pool/worker_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace bulwark {

/// What a `worker_plan` wants done next.
enum class worker_action : uint8_t {
  /// Start a thread, to be known by this number.
  start,
  /// Have that thread do the task.
  run,
  /// Have it end.
  end,
  /// The task takes long.
  report_stuck,
  /// Forget the thread: it ends when it comes back from its task.
  abandon,
};

/// One thing to do.
struct worker_step {
  worker_action action = worker_action::start;
  uint64_t worker = 0;
  uint64_t task = 0;

  friend bool operator==(const worker_step&, const worker_step&) = default;
};

/// To be done in this order.
using worker_steps = std::vector<worker_step>;

/// The decisions about the threads of a pool, about numbers: which one does a
/// task, when one is started, when it ends, when it counts as stuck. Who waits
/// for a thread is the business of who calls it.
///
/// Last used is first used, so that those that are not needed grow old.
///
/// Confined to one actor.
class worker_plan {
public:
  /// @pre `validate(options)` has no complaint
  explicit worker_plan(worker_options options) : options_(options) {}

  /// Returns whether one more task may run.
  bool has_room() const noexcept { return busy_.size() < options_.max; }

  /// @pre `has_room()`, and `task` does not run
  worker_steps run(uint64_t task, time_point now);

  /// The task has come to its end, abandoned or not.
  void done(uint64_t task, time_point now);

  /// Gives up a task that runs, if one more thread may be lost. Returns nothing
  /// if not, and for a task that does not run.
  worker_steps abandon(uint64_t task);

  /// Time has passed; see `next_due`.
  worker_steps tick(time_point now);

  /// Ends all threads that have nothing to do; to be called again when the
  /// last tasks are done.
  worker_steps end_idle();

  /// Returns when to call `tick`, at the latest.
  std::optional<time_point> next_due() const;

  size_t busy() const noexcept { return busy_.size(); }
  size_t idle() const noexcept { return idle_.size(); }

  /// Lost threads.
  size_t abandoned() const noexcept { return lost_.size(); }

  bool is_abandoned(uint64_t task) const { return lost_.contains(task); }

private:
  struct work {
    uint64_t worker;
    time_point since;
    bool told = false;
  };

  struct rest {
    uint64_t worker;
    time_point since;
  };

  bool may_replace() const noexcept {
    return options_.replace_stuck && lost_.size() < options_.abandoned_max;
  }

  worker_options options_;
  uint64_t next_ = 1;
  // By task.
  std::map<uint64_t, work> busy_;
  std::map<uint64_t, uint64_t> lost_;
  // Last used last.
  std::vector<rest> idle_;
};

} // namespace bulwark
