#pragma once

#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>

#include <cstddef>
#include <optional>

namespace bulwark {

/// How a gate protects calls at this moment.
///
/// Immutable after construction.
struct gate_protection {
  /// Protections of its own, the circuit breaker among them.
  size_t protections = 0;

  /// Nothing: calls are not tried again.
  std::optional<retry_options> retry = {};

  hedge_options hedge = {};

  /// Of both.
  retry_budget_options retry_budget = {};

  fallback_options fallback = {};

  /// What stands in where no good answer is known.
  bool makes_substitutes = false;
  bool asks_for_substitutes = false;
  bool has_value = false;
};

} // namespace bulwark
