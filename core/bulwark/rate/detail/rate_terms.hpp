#pragma once

#include <bulwark/rate/rate_options.hpp>

#include <cstdint>

namespace bulwark {

/// A rate in units in which it has no fractions: one permit is as many units
/// as its period has nanoseconds, and each nanosecond brings `rate` of them.
///
/// Immutable after construction.
struct rate_terms {
  /// The most that a full burst comes to, and that may be reserved ahead.
  static constexpr int64_t units_max = int64_t{1} << 61;

  int64_t rate;
  int64_t permit;
  int64_t burst;

  /// @pre `validate(options)` has no complaint
  explicit rate_terms(const rate_options& options)
    : rate(static_cast<int64_t>(options.rate)),
      permit(options.period.count()),
      burst(static_cast<int64_t>(options.burst) * permit) {}

  /// So many are never there at once.
  bool too_many(uint64_t permits) const noexcept {
    return permits > static_cast<uint64_t>(burst / permit);
  }

  /// @pre !too_many(permits)
  int64_t units(uint64_t permits) const noexcept {
    return static_cast<int64_t>(permits) * permit;
  }

  /// How long it takes until so many units have come, rounded up.
  duration time_for(int64_t units) const noexcept {
    return duration{units / rate + (units % rate > 0 ? 1 : 0)};
  }
};

} // namespace bulwark
