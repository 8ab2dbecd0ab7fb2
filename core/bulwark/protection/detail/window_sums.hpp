#pragma once

#include <cstdint>

namespace bulwark {

/// What a window of calls holds.
///
/// Immutable after construction.
struct window_sums {
  uint64_t calls = 0;
  uint64_t failures = 0;
  uint64_t slow = 0;

  friend bool operator==(const window_sums&, const window_sums&) = default;
};

} // namespace bulwark
