#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// What a circuit breaker does with calls.
enum class breaker_state : uint8_t {
  /// Lets all through, and counts how they end.
  closed,
  /// Refuses all, for a time.
  open,
  /// Lets a few through, to find out whether the service is well again.
  half_open,
  /// Refuses all, until an operator says otherwise.
  forced_open,
  /// Lets all through and counts nothing.
  disabled,
  /// Lets all through and counts them, without any consequence.
  metrics_only,
};

/// Returns the name of `state` as written above.
std::string to_string(breaker_state state);

} // namespace bulwark
