#pragma once

#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <optional>
#include <string>

namespace bulwark {

/// How the calls of a guard are protected.
///
/// Immutable after construction.
struct guard_options {
  /// How long a call may take, with all its attempts and backoffs; a call
  /// within another one ends with that at the latest. 0: no end of its own.
  duration timeout = std::chrono::seconds{5};

  /// Doing it twice is as good as once. Else a call has one attempt.
  bool idempotent = false;

  breaker_options breaker = {};
  retry_options retry = {};
  retry_budget_options retry_budget = {};

  friend bool operator==(const guard_options&, const guard_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const guard_options& options);

} // namespace bulwark
