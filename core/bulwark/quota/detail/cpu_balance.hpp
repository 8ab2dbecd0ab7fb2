#pragma once

#include <bulwark/quota/detail/cpu_account.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace bulwark {

/// A handler that does not come back, and what it has used so far.
struct cpu_overrun {
  uint64_t worker = 0;
  duration running_for = duration::zero();
  duration used = duration::zero();

  friend bool operator==(const cpu_overrun&, const cpu_overrun&) = default;
};

/// The threads that share one `cpu_account`. Each has a clock of the CPU time
/// that it has used; what that shows more than at the last reading is charged,
/// whether it was read by the thread between two handlers or from outside
/// during one. So the account agrees with the clocks.
///
/// Confined to one thread.
class cpu_balance {
public:
  using worker = uint64_t;

  /// @pre `validate(options)` has no complaint
  explicit cpu_balance(const cpu_quota_options& options);

  /// Adds a thread whose clock shows `cpu` before it has worked for this.
  worker add(duration cpu);

  /// Forgets it, after a last reading. Whoever is unknown is ignored by this
  /// and by all that follows.
  void remove(worker who, duration cpu, time_point now);

  /// The thread is between two handlers. Returns whether the next one begins
  /// now; if not, it waits until `runs_again`.
  bool begin(worker who, duration cpu, time_point now);

  /// The next handler begins whatever the account says.
  void begin_anyway(worker who, duration cpu, time_point now);

  /// The thread is between two handlers, and there is no next one.
  void end(worker who, duration cpu, time_point now);

  /// It was told to end. What it uses from now on is counted apart, so that
  /// whoever takes its place does not pay for a handler that never returns.
  void give_up(worker who);

  /// Those that are in a handler, to be read from outside.
  std::vector<worker> at_work() const;

  /// A reading during a handler.
  void read(worker who, duration cpu, time_point now);

  /// How long until those at work are to be read again, at most `most` and at
  /// least a twentieth of that: until they might have used up the quota, if all
  /// threads ran at once. Where it is used up nothing changes soon.
  duration look_again_in(time_point now, duration most);

  /// Whether a handler of this thread that runs should not: the quota is used
  /// up, the handler was returned by `overruns`, or the thread was given up.
  bool out_of_turn(worker who, time_point now);

  /// Returns handlers that have not come back for `overrun_after`, and use
  /// more than their share of the quota, the same for each that is at work.
  /// Each handler once.
  /// @pre all that are at work were just read
  std::vector<cpu_overrun> overruns(time_point now);

  /// When the account lets the next handler begin.
  time_point runs_again(time_point now) { return account_.runs_again(now); }

  /// Of the last ten periods, as a share of the quota.
  double utilization(time_point now) { return account_.utilization(now); }

  cpu_account_stats stats(time_point now) { return account_.stats(now); }

  /// What those used that were given up.
  duration abandoned_usage() const noexcept { return abandoned_; }

  /// How many handlers were returned by `overruns`.
  uint64_t overrun_count() const noexcept { return overrun_count_; }

  size_t workers() const noexcept { return workers_.size(); }

  const cpu_quota_options& options() const noexcept { return options_; }

private:
  struct record {
    duration shown{};
    bool at_work = false;
    bool given_up = false;

    // Of the handler that it is in: since when, what it used, whether it ran
    // on when the quota was used up, and was returned by `overruns`.
    time_point since{};
    duration used{};
    bool caught = false;
    bool told = false;
  };

  void charge(record& who, duration cpu, time_point now);
  void enter(record& who, time_point now);

  cpu_quota_options options_;
  cpu_account account_;
  std::map<worker, record> workers_;
  worker latest_ = 0;
  duration abandoned_ = duration::zero();
  uint64_t overrun_count_ = 0;
};

} // namespace bulwark
