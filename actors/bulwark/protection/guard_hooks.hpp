#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/call_end.hpp>
#include <bulwark/protection/guard_clock.hpp>

#include <exception>
#include <functional>

namespace bulwark {

/// What a program may add to a guard.
struct guard_hooks {
  /// Takes an event for each change of a breaker: `breaker_opened`,
  /// `breaker_half_opened`, `breaker_closed`.
  emitter events = {};

  /// What an exception of the function means. Empty: it is a failure, but for
  /// the refusal of a guard further in, which is ignored.
  std::function<call_outcome(const std::exception_ptr&)> outcome_of = {};

  /// Whether to try again after that exception, where the options allow it.
  /// Empty: after all that are failures.
  std::function<bool(const std::exception_ptr&)> retry_on = {};

  /// Told of each change, one at a time, in their order, by the thread of one
  /// of the callers. It must not call the guard.
  std::function<void(const breaker_change&)> on_change = {};

  /// Must outlive the guard.
  guard_clock* clock = &guard_clock::real();
};

} // namespace bulwark
