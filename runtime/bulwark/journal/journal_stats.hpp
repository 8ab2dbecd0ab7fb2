#pragma once

#include <cstddef>
#include <cstdint>

namespace bulwark {

/// What a journal has counted since it was opened.
struct journal_stats {
  /// Events that are not durable yet.
  size_t waiting = 0;

  /// Events that became durable.
  uint64_t durable = 0;

  /// Events that were dropped because too many waited.
  uint64_t dropped_changes = 0;
  uint64_t dropped_failures_and_recoveries = 0;

  friend bool operator==(const journal_stats&, const journal_stats&) = default;
};

} // namespace bulwark
