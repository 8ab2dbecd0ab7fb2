#pragma once

#include <bulwark/protection/breaker_state.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>

namespace bulwark {

/// How a circuit breaker is doing. All fields are there also when they are
/// zero. What is refused or ignored is no call.
///
/// Immutable after construction.
struct breaker_metrics {
  breaker_state state = breaker_state::closed;

  /// What is counted towards opening: failures less successes, failures in a
  /// row, or failures in the window.
  uint32_t failure_count = 0;

  /// Of the recent calls, in percent; 0 without any.
  double success_rate = 0;

  /// Mean of the recent calls that succeeded, in milliseconds; 0 without any.
  double avg_response_time = 0;

  /// Calls that ended within the last 300 s, moving on in steps of 10 s.
  uint64_t recent_calls = 0;

  uint64_t total_calls = 0;

  /// Calls that took longer than `breaker_options::slow_call`.
  uint64_t slow_calls = 0;

  uint64_t refused = 0;

  /// When a call failed last; nothing before the first one.
  std::optional<time_point> last_failure = std::nullopt;

  friend bool operator==(const breaker_metrics&,
                         const breaker_metrics&) = default;
};

} // namespace bulwark
