#pragma once

#include <bulwark/bulkhead/detail/permit_tally.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace bulwark {

/// What one consumer of a bulkhead has in use: a service, or an actor that
/// acquires by itself.
///
/// `budgeted` and `tally` are safe to use from any thread; the rest belongs to
/// the bulkhead's table.
struct consumer_account {
  consumer_account(std::string its_name, uint32_t its_number)
    : name(std::move(its_name)), number(its_number) {}

  std::string name;
  uint32_t number;

  /// Has a part of the capacity that was allocated to it, and charged, as a
  /// whole: what it uses of that is not charged again.
  std::atomic<bool> budgeted{false};

  /// What passes without asking the table; null unless the account is a lasting
  /// one.
  std::unique_ptr<permit_tally> tally;

  uint64_t allotted = 0;

  /// Since when there is any.
  time_point allotted_since{};

  /// How much of the use is of that part; the rest is charged like anybody's.
  uint64_t own = 0;

  /// What the table granted, less what came back to it: less than nothing,
  /// modulo 2^64, where that was granted without it.
  uint64_t booked = 0;

  /// Returns what is in use. While others pass without the table it may be more
  /// than that, never less than what the table knows of.
  uint64_t use() const noexcept { return booked + (tally ? tally->out() : 0); }
};

} // namespace bulwark
