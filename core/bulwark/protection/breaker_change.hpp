#pragma once

#include <bulwark/protection/breaker_state.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// Why a circuit breaker changed its state.
enum class breaker_cause : uint8_t {
  failures,
  failure_rate,
  slow_rate,
  /// The service asked for rest.
  busy,
  probe_failed,
  probe_hung,
  recovery_time_over,
  probes_succeeded,
  /// Another node's breaker for the same service has opened.
  told_by_node,
  told_by_operator,
  /// An endpoint that was closed and clean made room for another one.
  other_endpoint,
};

/// One change of a circuit breaker's state.
///
/// Immutable after construction.
struct breaker_change {
  /// The number of what begins with it; the one before had the number before.
  uint32_t period = 0;

  breaker_state from = breaker_state::closed;
  breaker_state to = breaker_state::closed;
  breaker_cause why = breaker_cause::failures;
  time_point at{};

  /// Of an opening: how many failures were counted, and for how long it stays
  /// open.
  uint32_t failures = 0;
  duration open_for = duration::zero();

  friend bool operator==(const breaker_change&,
                         const breaker_change&) = default;
};

/// Returns the name of `cause` as written above.
std::string to_string(breaker_cause cause);

/// Returns the change in words: "Circuit breaker OPENED after 5 failures".
std::string to_text(const breaker_change& change);

} // namespace bulwark
