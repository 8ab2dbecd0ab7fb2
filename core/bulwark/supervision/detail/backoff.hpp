#pragma once

#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>

namespace bulwark {

/// Returns how long to wait before the next restart.
///
/// `failures_before` counts the failures in a row before this one, so that 0
/// gives `initial`. `unit_random` is a number within [0, 1) and picks the
/// place within the jitter: 0 gives the shortest delay, 0.5 the middle. The
/// result is never negative and never overflows.
/// @pre `validate(options)` has no complaint
[[nodiscard]] duration backoff_delay(const restart_options& options,
                                     uint32_t failures_before,
                                     double unit_random);

/// Returns how long a failed child cools down: `cool_down`, doubled for each
/// of the `cool_downs_before` in a row, at most `cool_down_max`. No jitter.
/// @pre `validate(options)` has no complaint
[[nodiscard]] duration cool_down_delay(const restart_options& options,
                                       uint32_t cool_downs_before);

} // namespace bulwark
