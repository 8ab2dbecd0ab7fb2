#pragma once

#include <bulwark/bulkhead/detail/adaptive/sample_window.hpp>

namespace bulwark {

/// The limit follows the ratio of a long mean of latencies, the baseline, to
/// the latency of the latest window:
///
///     baseline  exponential mean over long_window windows; 5 % less at each
///               window at which it is more than twice the latency
///     gradient  tolerance * baseline / latency, within [0.5, 1]
///     limit     smoothed: limit * gradient + queue_size
///
/// and stays where it is while less than half of it is in flight. Formula:
/// Netflix concurrency-limits, `Gradient2Limit`. Ours are two guards: no
/// baseline above `healthy_latency`, because under load without end the mean
/// of all latencies becomes normal and the limit creeps up; and no growth by
/// a window with a drop.
///
/// Confined to one thread.
class gradient2 {
public:
  /// `healthy_latency`: see `adaptive_options`.
  gradient2(const gradient2_options& options, duration healthy_latency);

  /// Returns the limit after a window.
  double next(double limit, const window_summary& window) noexcept;

  /// The latency that counts as normal; zero while not known.
  duration baseline() const noexcept;

private:
  void learn(double latency) noexcept;

  gradient2_options options_;

  // In nanoseconds; the most is 0 where there is none.
  double baseline_ = 0;
  double baseline_max_;

  // Windows seen, up to `warm_up`.
  size_t seen_ = 0;
};

} // namespace bulwark
