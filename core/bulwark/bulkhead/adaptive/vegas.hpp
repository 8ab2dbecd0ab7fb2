#pragma once

#include <bulwark/bulkhead/adaptive/sample_window.hpp>

namespace bulwark {

/// Holds the limit where few requests wait in the service:
///
///     baseline  the least latency of a window since the last probe
///     waiting   limit * (1 - baseline / latency), rounded up
///     g         the decimal logarithm of the limit, at least 1, rounded down
///
///     drop                       limit - g
///     2 * in flight < limit      limit
///     waiting <= g               limit + beta * g
///     waiting < alpha * g        limit + g
///     waiting > beta * g         limit - g
///
/// Formula: Netflix concurrency-limits, `VegasLimit`, after TCP Vegas
/// (Brakmo, Peterson 1995). Ours is how the baseline is probed. Theirs takes
/// the latency of the next window, which holds the queue that the limit
/// allows: each probe lifts the baseline, and the limit with it. Here half of
/// the limit is allowed until the queue has run dry, and the window after
/// that is measured (the idea of Envoy's adaptive concurrency and of BBR);
/// while that lowers the latency by a tenth, a half of the half is tried.
/// Where a window is healthy anyway, its latency is taken as it is; and no
/// baseline is above `healthy_latency`.
///
/// Confined to one thread.
class vegas {
public:
  /// `healthy_latency`: see `adaptive_options`. `unit_random`, within [0, 1),
  /// spreads the probes of many limits over time.
  vegas(const vegas_options& options, duration healthy_latency,
        double unit_random);

  /// Returns the limit after a window.
  double next(double limit, const window_summary& window) noexcept;

  bool probing() const noexcept { return probe_divisor_ > 1; }

  /// Returns what of the limit is allowed now: all of it, or less in a probe.
  double allowed(double limit) const noexcept { return limit / probe_divisor_; }

  /// The latency without a queue; zero while not known.
  duration baseline() const noexcept { return baseline_; }

private:
  bool probe_due(double limit) noexcept;
  void start_probe(double divisor, duration reference) noexcept;
  bool run_dry(const window_summary& window) noexcept;
  void measure(double limit, const window_summary& window) noexcept;
  void take_baseline(duration latency) noexcept;
  double adjusted(double limit, duration latency) const noexcept;

  vegas_options options_;
  duration healthy_latency_;

  // Which part of the windows between two probes is waited for.
  double probe_share_;

  duration baseline_ = duration::zero();
  size_t windows_ = 0;

  // What the limit is divided by; the latency with twice as much; for how
  // long, and for how many windows.
  double probe_divisor_ = 1;
  duration probe_reference_ = duration::zero();
  duration probe_time_ = duration::zero();
  unsigned probe_windows_ = 0;
};

} // namespace bulwark
