#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What the bulkhead has left to give.
enum class bulkhead_state : uint8_t {
  /// Nothing is in use.
  available,
  /// Less than the warning threshold is.
  allocated,
  /// More is, but there are permits for normal work.
  degraded,
  /// There are none; what is reserved for critical work may be left.
  exhausted,
};

/// How a bulkhead counts in the health of the whole, by its utilisation alone.
enum class bulkhead_health : uint8_t {
  /// Below 70 %.
  healthy,
  /// Below 90 %.
  degraded,
  exhausted,
};

/// Returns the least use that reaches a share of the capacity, at least 1:
/// 0.95 of 20 is 19, whatever the last bit of the product says.
[[nodiscard]] uint64_t use_at_share(uint64_t capacity, double share) noexcept;

/// @pre `validate(options)` has no complaint
[[nodiscard]] bulkhead_state state_of(uint64_t use,
                                      const bulkhead_options& options) noexcept;

/// Returns the use in percent of the capacity; above 100 while a bulkhead that
/// was made smaller waits for what is out. 0 of a capacity of 0.
[[nodiscard]] double utilization(uint64_t use, uint64_t capacity) noexcept;

/// What is not a number counts as exhausted.
[[nodiscard]] bulkhead_health health_of(double utilization_percent) noexcept;

std::string to_string(bulkhead_state state);
std::string to_string(bulkhead_health health);

} // namespace bulwark
