#include <bulwark/rate/detail/shared_rate.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

namespace {

constexpr int64_t sixteenths = 16;

constexpr int64_t rounded_up(int64_t value, int64_t by) {
  return value / by + (value % by > 0 ? 1 : 0);
}

// Keeps sums of a few of them far from an overflow.
int64_t ticks_of(time_point now) {
  constexpr int64_t most = option_duration_max.count() * 4;
  return std::clamp<int64_t>(now.time_since_epoch().count(), 0, most)
         * sixteenths;
}

// Without a remainder that would overflow when it is multiplied.
int64_t ticks_per_permit(const rate_options& options) {
  auto period = options.period.count();
  auto rate = static_cast<int64_t>(options.rate);
  return period / rate * sixteenths
         + rounded_up(period % rate * sixteenths, rate);
}

} // namespace

shared_rate::shared_rate(const rate_options& options)
  : permit_(ticks_per_permit(options)),
    burst_(static_cast<int64_t>(options.burst) * permit_) {}

rate_verdict shared_rate::reserve(time_point now, uint64_t n,
                                  duration wait_max) noexcept {
  if (n > static_cast<uint64_t>(burst_ / permit_))
    return {false, rate_verdict::never};
  auto at = ticks_of(now);
  auto cost = static_cast<int64_t>(n) * permit_;
  auto most = std::min(wait_max, option_duration_max);
  auto due = due_.load(std::memory_order_relaxed);
  // Tried again only when another thread has succeeded meanwhile.
  for (;;) {
    auto next = std::max(due, at) + cost;
    auto too_early = next - burst_ - at;
    duration wait{too_early > 0 ? rounded_up(too_early, sixteenths) : 0};
    if (wait > most)
      return {false, wait};
    if (due_.compare_exchange_weak(due, next, std::memory_order_relaxed))
      return {true, wait};
  }
}

void shared_rate::give_back(uint64_t n) noexcept {
  auto permits = std::min(n, static_cast<uint64_t>(burst_ / permit_));
  auto cost = static_cast<int64_t>(permits) * permit_;
  auto due = due_.load(std::memory_order_relaxed);
  while (!due_.compare_exchange_weak(due, std::max(due - cost, int64_t{0}),
                                     std::memory_order_relaxed)) {
  }
}

int64_t shared_rate::available(time_point now) const noexcept {
  auto at = ticks_of(now);
  auto due = std::max(due_.load(std::memory_order_relaxed), at);
  auto level = burst_ - (due - at);
  return level / permit_ - (level % permit_ < 0 ? 1 : 0);
}

} // namespace bulwark
