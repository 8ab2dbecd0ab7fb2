#pragma once

#include <bulwark/protection/detail/breaker_word.hpp>
#include <bulwark/time/time.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>

namespace bulwark {

/// A value with the number of the period that it belongs to, in one word, so
/// that what comes late from an earlier period cannot touch that of a later
/// one. The number has the last 16 bits of the period's.
struct tagged {
  static constexpr uint64_t value_max = (uint64_t{1} << 48) - 1;

  static constexpr uint64_t make(uint32_t period, uint64_t value) noexcept {
    return uint64_t{period & 0xffff} << 48 | std::min(value, value_max);
  }

  static constexpr bool is_of(uint64_t word, uint32_t period) noexcept {
    return word >> 48 == (period & 0xffff);
  }

  static constexpr uint64_t value(uint64_t word) noexcept {
    return word & value_max;
  }

  /// Returns whether a period has ended that began after `period`.
  static constexpr bool is_past(uint64_t word, uint32_t period) noexcept {
    return is_later<16>(word >> 48, period & 0xffff);
  }
};

/// Counts from 0 in each period.
///
/// Safe to call from any thread.
class tagged_count {
public:
  /// To be called when a period begins: numbers come round, so that one from
  /// long ago would look like one to come.
  void begin(uint32_t period) noexcept {
    auto word = word_.load(std::memory_order_acquire);
    while (!tagged::is_of(word, period)
           && !word_.compare_exchange_weak(word, tagged::make(period, 0),
                                           std::memory_order_acq_rel)) {
    }
  }

  /// Returns false, and adds nothing, when a later period has begun.
  bool add(uint32_t period) noexcept {
    auto word = word_.load(std::memory_order_acquire);
    for (;;) {
      if (tagged::is_past(word, period))
        return false;
      auto next =
        tagged::is_of(word, period) ? word + 1 : tagged::make(period, 1);
      if (word_.compare_exchange_weak(word, next, std::memory_order_acq_rel))
        return true;
    }
  }

  uint64_t word() const noexcept {
    return word_.load(std::memory_order_acquire);
  }

private:
  std::atomic<uint64_t> word_{0};
};

/// When something is due, in whole microseconds, rounded up; within nine years
/// of the steady clock's start. A thread that sets the time of a period that is
/// over may displace a later one's, so whoever finds none sets it anew.
///
/// Safe to call from any thread.
class tagged_time {
public:
  /// Without effect when a later time is known for that period.
  void set(uint32_t period, time_point due) noexcept {
    auto word = word_.load(std::memory_order_acquire);
    auto next = tagged::make(period, ticks_of(due));
    while (
      !(tagged::is_of(word, period) && word >= next)
      && !word_.compare_exchange_weak(word, next, std::memory_order_acq_rel)) {
    }
  }

  /// Nothing where it is not set for that period.
  std::optional<time_point> of(uint32_t period) const noexcept {
    auto word = word_.load(std::memory_order_acquire);
    if (!tagged::is_of(word, period))
      return std::nullopt;
    auto ticks = static_cast<int64_t>(tagged::value(word));
    return time_point{std::chrono::microseconds{ticks}};
  }

private:
  static uint64_t ticks_of(time_point due) noexcept {
    auto whole =
      std::chrono::ceil<std::chrono::microseconds>(due.time_since_epoch());
    return static_cast<uint64_t>(std::max<int64_t>(whole.count(), 0));
  }

  std::atomic<uint64_t> word_{0};
};

} // namespace bulwark
