#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>

namespace bulwark {

/// What a call's end means to a circuit breaker.
enum class call_outcome : uint8_t {
  success,
  /// The service crashed, hung, was too late or out of reach, or answered with
  /// an error of its own.
  failure,
  /// Says nothing about the service: it was refused further in, is of an
  /// unknown type, or a predicate ignores it.
  ignored,
};

/// How a call ended.
///
/// Immutable after construction.
struct call_end {
  call_outcome how = call_outcome::success;

  /// From its start to its end.
  duration took = duration::zero();

  /// Of a failure: for how long the service asks to be left alone; 0: it does
  /// not.
  duration busy = duration::zero();
};

} // namespace bulwark
