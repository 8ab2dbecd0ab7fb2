#pragma once

#include <bulwark/protection/breaker_state.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace bulwark {

/// All that decides what a circuit breaker does next, small enough for one
/// atomic word: whoever changes it changes what it saw, or tries again.
///
/// Immutable after construction.
struct breaker_word {
  static constexpr uint32_t failures_max = 1023;
  static constexpr uint32_t reopened_max = 15;
  static constexpr uint32_t period_mask = (uint32_t{1} << 28) - 1;

  // A word whose lowest four bits are zero is closed and lets all through.
  uint64_t state_number : 3 = 0;
  uint64_t ramping : 1 = 0;

  /// How often half_open has failed since it was closed last.
  uint64_t reopened : 4 = 0;

  uint64_t failures : 10 = 0;

  // Probes of half_open: under way; came back well; were slow, of these.
  uint64_t out : 6 = 0;
  uint64_t succeeded : 6 = 0;
  uint64_t slow : 6 = 0;

  /// Grows by one with each change of the state.
  uint64_t period : 28 = 1;

  static breaker_word from(uint64_t bits) noexcept {
    return std::bit_cast<breaker_word>(bits);
  }

  uint64_t bits() const noexcept { return std::bit_cast<uint64_t>(*this); }

  static bool lets_all_through(uint64_t bits) noexcept {
    return (bits & 15) == 0;
  }

  breaker_state state() const noexcept {
    return static_cast<breaker_state>(state_number);
  }

  /// The first word of the period that follows, in which nothing is counted
  /// yet but the failures so far.
  breaker_word next(breaker_state to) const noexcept {
    breaker_word result;
    result.state_number = static_cast<uint64_t>(to);
    result.reopened = reopened;
    result.failures = failures;
    result.period = (period + 1) & period_mask;
    return result;
  }

  breaker_word with_failures(uint32_t count) const noexcept {
    auto result = *this;
    result.failures = std::min(count, failures_max);
    return result;
  }
};

static_assert(sizeof(breaker_word) == sizeof(uint64_t));

/// Returns whether number `a` was given after `b`, among numbers of `Bits`
/// bits that begin again at 0.
template <unsigned Bits>
constexpr bool is_later(uint64_t a, uint64_t b) noexcept {
  auto ahead = (a - b) << (64 - Bits);
  return ahead != 0 && static_cast<int64_t>(ahead) > 0;
}

} // namespace bulwark
