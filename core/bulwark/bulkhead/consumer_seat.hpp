#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace bulwark {

/// What one consumer of a bulkhead has in use: a service, or an actor that
/// acquires by itself.
///
/// `use`, `granted` and `budgeted` are safe to read from any thread; the rest
/// belongs to the bulkhead's book.
struct alignas(64) consumer_seat {
  consumer_seat(std::string its_name, uint32_t its_number)
    : name(std::move(its_name)), number(its_number) {}

  std::string name;
  uint32_t number;

  std::atomic<uint64_t> use{0};

  /// How often something was granted without asking the book.
  std::atomic<uint64_t> granted{0};

  /// Has a part of the capacity that was allocated to it, and charged, as a
  /// whole: what it uses of that is not charged again.
  std::atomic<bool> budgeted{false};
  uint64_t allotted = 0;

  /// How much of `use` is of that part; the rest is charged like anybody's.
  uint64_t own = 0;
};

} // namespace bulwark
