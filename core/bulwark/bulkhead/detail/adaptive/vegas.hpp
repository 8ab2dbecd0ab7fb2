#pragma once

#include <bulwark/bulkhead/detail/adaptive/sample_window.hpp>

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
/// (Brakmo, Peterson 1995). Ours is how the baseline is found, because all of
/// it hangs on that:
///
/// - Theirs probes by taking the latency of the next window, which holds the
///   queue that the limit allows: each probe lifts the baseline, and the limit
///   with it. Here half of the limit is allowed until the queue has run dry,
///   and the window after that is measured (the idea of Envoy's adaptive
///   concurrency and of BBR); while that lowers the latency by a tenth, a half
///   of the half is tried. A window that is healthy anyway is taken as it is.
/// - The least of many means is less than the mean: where service times vary
///   as if by chance, theirs settles at half of the best limit. Here a window
///   counts with three standard errors more, those that it would have at the
///   baseline if its answers are few, and a probe goes on until its error is
///   small.
/// - A window a fifth below the baseline means that the service got faster:
///   probed at once.
/// - No baseline is above `healthy_latency`.
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

  bool probing() const noexcept { return probe_.divisor > 1; }

  /// Returns what of the limit is allowed now: all of it, or less in a probe.
  double allowed(double limit) const noexcept { return limit / probe_.divisor; }

  /// The latency without a queue; zero while not known.
  duration baseline() const noexcept { return baseline_; }

private:
  bool probe_due(double limit) noexcept;
  void start_probe(double divisor, double reference) noexcept;
  bool run_dry(const window_summary& window) noexcept;
  bool measured(const window_summary& window) noexcept;
  void end_probe(double limit, const window_summary& window) noexcept;
  void take_baseline(double latency) noexcept;
  double adjusted(double limit, double latency) const noexcept;

  vegas_options options_;
  duration healthy_latency_;

  // Which part of the windows between two probes is waited for.
  double probe_share_;

  duration baseline_ = duration::zero();
  size_t windows_ = 0;

  // One level of a probe.
  struct probe {
    // What the limit is divided by; 1: there is no probe.
    double divisor = 1;

    // The latency with twice as much allowed, in nanoseconds.
    double reference = 0;

    // Since when, and how many windows the queue has had to run dry.
    duration time = duration::zero();
    unsigned windows = 0;

    // The mean of the windows since, in nanoseconds, and the sum of the
    // squares of their errors.
    unsigned measured = 0;
    double latency = 0;
    double squares = 0;
  };

  probe probe_;
};

} // namespace bulwark
