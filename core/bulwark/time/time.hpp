#pragma once

#include <chrono>

namespace bulwark {

// Decisions are told the time; they never ask for it. Instants and lengths
// are measured on the steady clock; only events carry wall-clock time.

/// A length of time, in nanoseconds.
using duration = std::chrono::steady_clock::duration;

/// An instant of the steady clock. Only differences mean anything.
using time_point = std::chrono::steady_clock::time_point;

/// Wall-clock time, UTC, in microseconds since 1970-01-01.
using wall_time =
  std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

} // namespace bulwark
