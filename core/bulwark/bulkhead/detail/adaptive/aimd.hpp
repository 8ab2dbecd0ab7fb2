#pragma once

#include <bulwark/bulkhead/detail/adaptive/sample_window.hpp>

namespace bulwark {

/// Additive increase, multiplicative decrease, as TCP without a look at
/// latency does it:
///
///     drop, or latency > timeout       limit * backoff_ratio
///     2 * in flight >= limit           limit + 1
///     otherwise                        limit
///
/// Formula: Netflix concurrency-limits, `AIMDLimit`. It saws between the limit
/// from which on something is dropped and 0.9 of that; where nothing is,
/// `timeout` is what keeps it.
///
/// Immutable after construction.
class aimd {
public:
  explicit aimd(const aimd_options& options) : options_(options) {}

  /// Returns the limit after a window.
  double next(double limit, const window_summary& window) const noexcept {
    if (window.dropped
        || (window.latency && *window.latency > options_.timeout))
      return limit * options_.backoff_ratio;
    if (static_cast<double>(window.in_flight) * 2 >= limit)
      return limit + 1;
    return limit;
  }

private:
  aimd_options options_;
};

} // namespace bulwark
