#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/bulkhead_state.hpp>
#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/time/time.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// To the actor of a CPU quota, answered with `cpu_quota_stats`.
struct cpu_quota_stats_request {};

/// One CPU quota at one moment; the words of `cpu.stat` where it has them.
///
/// Immutable after construction.
struct cpu_quota_stats {
  std::string name;
  bulkhead_kind kind = bulkhead_kind::cpu_quota;
  duration quota = duration::zero();
  duration period = duration::zero();

  /// Of the quota, over the last ten periods that have ended; above 100 where
  /// handlers ran on. Health goes by it, as with all bulkheads.
  double utilization_percent = 0;
  bulkhead_health health = bulkhead_health::healthy;

  /// All CPU time that its threads have used, as their clocks show it.
  duration usage = duration::zero();

  /// Of that, what those used that were killed and had not come back yet; it
  /// is not charged to the quota.
  duration abandoned_usage = duration::zero();

  /// Periods in which something ran or wanted to, those in which it had to
  /// wait, and for how long.
  uint64_t nr_periods = 0;
  uint64_t nr_throttled = 0;
  duration throttled_time = duration::zero();

  /// Handlers reported as `quota_overrun`.
  uint64_t overruns = 0;

  /// Threads, and how many of them are in a handler.
  uint64_t threads = 0;
  uint64_t threads_at_work = 0;

  friend bool operator==(const cpu_quota_stats&,
                         const cpu_quota_stats&) = default;
};

/// Returns it in the words of all bulkheads. Capacity and use are microseconds
/// per period, the latter as the mean over the last ten; periods count as
/// requests, and those that had to wait as timeouts.
[[nodiscard]] bulkhead_stats as_bulkhead(const cpu_quota_stats& what);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        cpu_quota_stats_request&) {
  return f(caf::meta::type_name("bulwark.cpu_quota_stats_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cpu_quota_stats& x) {
  return f(caf::meta::type_name("bulwark.cpu_quota_stats"), x.name, x.kind,
           x.quota, x.period, x.utilization_percent, x.health, x.usage,
           x.abandoned_usage, x.nr_periods, x.nr_throttled, x.throttled_time,
           x.overruns, x.threads, x.threads_at_work);
}

} // namespace bulwark
