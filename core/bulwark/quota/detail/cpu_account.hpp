#pragma once

#include <bulwark/quota/cpu_quota_options.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// What the kernel tells of a control group in `cpu.stat`, of an account.
struct cpu_account_stats {
  /// All CPU time charged (`usage_usec`).
  duration usage = duration::zero();

  /// Periods in which something ran or wanted to (`nr_periods`), those in
  /// which it had to wait (`nr_throttled`), and how long (`throttled_usec`).
  uint64_t periods = 0;
  uint64_t throttled_periods = 0;
  duration throttled = duration::zero();

  friend bool operator==(const cpu_account_stats&,
                         const cpu_account_stats&) = default;
};

/// Who may run, by the CPU time that was used: `quota` per `period`, after
/// the bandwidth control of Linux (Documentation/scheduler/sched-bwc.rst).
///
/// The kernel takes the CPU away when the quota is used up; handlers of
/// messages run to their end. So what is used beyond the quota is a debt that
/// the next periods pay, and nothing runs until it is paid. What is not used
/// is lost, as there. CPU time is charged when it is known; it counts in the
/// periods in which it was used: those right before, since one thread uses no
/// more of it than time passes.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one thread.
class cpu_account {
public:
  /// Utilisation looks back on at most so many periods.
  static constexpr size_t periods_kept = 64;

  /// @pre `validate(options)` has no complaint
  explicit cpu_account(const cpu_quota_options& options);

  /// Charges what one thread has used until now. Less than nothing counts as
  /// nothing.
  void charge(duration cpu, time_point now);

  /// Whether a message may be handled now. If not, waiting begins, and is
  /// counted until it may.
  [[nodiscard]] bool may_run(time_point now);

  /// When a message may be handled: now, or at the start of the period in
  /// which the debt is paid.
  [[nodiscard]] time_point runs_again(time_point now);

  /// How much may be used before nothing runs any more; not above zero while
  /// there is debt.
  [[nodiscard]] duration left(time_point now);

  /// Whether a handler that has not come back for `running_for` and has used
  /// `cpu` meanwhile is to be reported: it alone uses more than the quota.
  [[nodiscard]] bool overruns(duration running_for, duration cpu) const;

  /// Returns which share of the quota was used in the last `periods` that are
  /// over; above 1 where there was debt.
  [[nodiscard]] double utilization(time_point now, size_t periods = 10);

  [[nodiscard]] cpu_account_stats stats(time_point now);

private:
  using index = int64_t;

  static constexpr index kept = static_cast<index>(periods_kept);

  index index_of(time_point when) const noexcept;
  duration& used(index period) noexcept;
  time_point start_of(index period) const noexcept;
  duration paid(duration debt, index periods) const noexcept;
  duration over() noexcept;
  void proceed(time_point now) noexcept;
  void sum_up() noexcept;
  void spread(duration cpu) noexcept;
  void mark(index first, index last) noexcept;
  void end_wait() noexcept;

  cpu_quota_options options_;
  duration debt_max_;

  // Period 0 begins at the first time seen.
  bool begun_ = false;
  time_point epoch_{};
  time_point latest_ = time_point::min();
  index current_ = 0;

  // Of the current period and those before it, in a ring; the debt before the
  // oldest of them, and before the current one.
  std::array<duration, periods_kept> used_{};
  duration oldest_debt_ = duration::zero();
  duration debt_ = duration::zero();

  // Somebody waits, since when and until when.
  bool waiting_ = false;
  time_point waiting_since_{};
  time_point waiting_until_{};

  cpu_account_stats stats_;
  index last_marked_ = -1;
};

} // namespace bulwark
