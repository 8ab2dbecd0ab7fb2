#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>

/// The ledger's clock: microseconds since 1970-01-01, UTC.
namespace bulwark::ledger_clock {

inline constexpr int64_t second = 1'000'000;
inline constexpr int64_t hour = 3600 * second;

/// How long outages are kept as they were, before the horizon.
inline constexpr int64_t exact = 25 * hour;

/// How long their sums of each hour are kept: a window of 30 days, and what
/// its rounding to a full hour adds.
inline constexpr int64_t kept = 31 * 24 * hour;

/// The horizon waits no longer than this for a node.
inline constexpr int64_t patience = 7 * 24 * hour;

/// What is later than this, in the year 2199, or before 1970, is no time of an
/// event. It keeps sums far from an overflow.
inline constexpr int64_t latest = int64_t{230} * 365 * 24 * hour;

/// No outage that an event tells of, and no recovery, is longer: a year.
inline constexpr int64_t longest = int64_t{365} * 24 * hour;

/// Time before the first event.
inline constexpr int64_t never = INT64_MIN;

inline int64_t of(wall_time value) noexcept {
  return value.time_since_epoch().count();
}

inline int64_t of(duration value) noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(value).count();
}

/// Returns `value`, or what is nearest to it between 1970 and `latest`.
inline int64_t within(int64_t value) noexcept {
  return value < 0 ? 0 : value > latest ? latest : value;
}

inline wall_time to_wall(int64_t value) noexcept {
  return wall_time{std::chrono::microseconds{value}};
}

/// Returns the number of the hour that holds `at`.
inline int64_t hour_of(int64_t at) noexcept {
  return at / hour - (at % hour < 0 ? 1 : 0);
}

} // namespace bulwark::ledger_clock
