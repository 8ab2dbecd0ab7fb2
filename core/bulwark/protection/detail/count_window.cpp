#include <bulwark/protection/detail/breaker_word.hpp>
#include <bulwark/protection/detail/count_window.hpp>

namespace bulwark {

namespace {

constexpr uint32_t failed_bit = 1;
constexpr uint32_t slow_bit = 2;
constexpr unsigned period_shift = 2;

// A sum may be below zero for a moment, while a thread has put its call into a
// place and not yet told so, and another one has taken that place already.
constexpr uint64_t zero = 0x4000;
constexpr uint64_t one_call = uint64_t{1} << 32;
constexpr uint64_t one_failure = uint64_t{1} << 16;
constexpr uint64_t one_slow = 1;
constexpr uint64_t no_calls =
  zero * one_call + zero * one_failure + zero * one_slow;

constexpr uint64_t weight(uint32_t call) noexcept {
  return one_call + ((call & failed_bit) != 0 ? one_failure : 0)
         + ((call & slow_bit) != 0 ? one_slow : 0);
}

constexpr uint64_t sum_at(uint64_t sums, uint64_t unit) noexcept {
  auto biased = sums / unit & 0xffff;
  return biased > zero ? biased - zero : 0;
}

constexpr window_sums unpacked(uint64_t sums) noexcept {
  return {sum_at(sums, one_call), sum_at(sums, one_failure),
          sum_at(sums, one_slow)};
}

constexpr uint64_t tag_of(uint32_t period) noexcept {
  return uint64_t{period & 0xffff} << 48;
}

} // namespace

void count_window::begin(uint32_t period) noexcept {
  auto sums = sums_.load(std::memory_order_acquire);
  while (sums >> 48 != (period & 0xffff)
         && !sums_.compare_exchange_weak(sums, tag_of(period) + no_calls,
                                         std::memory_order_acq_rel)) {
  }
}

std::optional<window_sums> count_window::add(uint32_t period, bool failed,
                                             bool slow) noexcept {
  auto call =
    period << period_shift | (failed ? failed_bit : 0) | (slow ? slow_bit : 0);
  auto turn = next_.fetch_add(1, std::memory_order_relaxed);
  auto& place = calls_[turn % calls_.size()];
  auto old = place.load(std::memory_order_acquire);
  // Mostly a success takes the place of a success: then nothing changes.
  while (old != call) {
    if (is_later<28>(old >> period_shift, period))
      return std::nullopt;
    if (place.compare_exchange_weak(old, call, std::memory_order_acq_rel))
      break;
  }
  auto added = weight(call);
  if (old >> period_shift == period)
    added -= weight(old);
  auto sums = sums_.load(std::memory_order_acquire);
  uint64_t next = 0;
  do {
    if (is_later<16>(sums >> 48, period & 0xffff))
      return std::nullopt;
    auto same = (sums >> 48) == (period & 0xffff);
    next = (same ? sums : tag_of(period) + no_calls) + added;
  } while (
    next != sums
    && !sums_.compare_exchange_weak(sums, next, std::memory_order_acq_rel));
  return unpacked(next);
}

window_sums count_window::read(uint32_t period) const noexcept {
  auto sums = sums_.load(std::memory_order_acquire);
  return (sums >> 48) == (period & 0xffff) ? unpacked(sums) : window_sums{};
}

} // namespace bulwark
