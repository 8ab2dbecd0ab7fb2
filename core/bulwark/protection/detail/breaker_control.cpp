#include <bulwark/protection/detail/breaker.hpp>

#include <algorithm>

namespace bulwark {

std::optional<time_point> breaker::due() const noexcept {
  auto seen = now_word();
  auto waits = seen.state() == breaker_state::open
               || (seen.state() == breaker_state::half_open && seen.out > 0);
  return waits ? due_.of(static_cast<uint32_t>(seen.period)) : std::nullopt;
}

std::optional<breaker_change> breaker::tick(time_point now) noexcept {
  auto seen = now_word();
  for (;;) {
    auto open = seen.state() == breaker_state::open;
    auto half_open = seen.state() == breaker_state::half_open && seen.out > 0;
    if (!(open || half_open) || now < due_of(seen, now))
      return std::nullopt;
    auto before = seen;
    auto next = seen.next(breaker_state::half_open);
    if (half_open) {
      next = seen.with_failures(static_cast<uint32_t>(seen.failures) + 1)
               .next(breaker_state::open);
      next.reopened =
        std::min<uint64_t>(seen.reopened + 1, breaker_word::reopened_max);
    }
    if (exchange(seen, next))
      return entered(before, next,
                     half_open ? breaker_cause::probe_hung
                               : breaker_cause::recovery_time_over,
                     now);
  }
}

std::optional<breaker_change> breaker::caution(time_point now) noexcept {
  auto seen = now_word();
  while (seen.state() == breaker_state::closed) {
    auto before = seen;
    auto next = seen.next(breaker_state::half_open);
    if (exchange(seen, next))
      return entered(before, next, breaker_cause::told_by_node, now);
  }
  return std::nullopt;
}

std::optional<breaker_change> breaker::set(breaker_state to,
                                           time_point now) noexcept {
  auto seen = now_word();
  for (;;) {
    auto before = seen;
    auto next = seen.next(to);
    next.failures = 0;
    next.reopened = 0;
    if (exchange(seen, next))
      return entered(before, next, breaker_cause::told_by_operator, now);
  }
}

bool breaker::is_clean(time_point now) const noexcept {
  auto seen = now_word();
  auto sums = window(static_cast<uint32_t>(seen.period), now);
  return breaker_word::lets_all_through(seen.bits()) && seen.failures == 0
         && sums.failures == 0 && sums.slow == 0;
}

std::optional<breaker_change> breaker::reuse(time_point now) noexcept {
  auto before = now_word();
  auto seen = before;
  auto next = before.next(breaker_state::closed);
  if (!is_clean(now) || !exchange(seen, next))
    return std::nullopt;
  counts_.restart();
  return entered(before, next, breaker_cause::other_endpoint, now);
}

window_sums breaker::window(uint32_t period, time_point now) const noexcept {
  if (by_calls_)
    return by_calls_->read(period);
  return by_time_ ? by_time_->read(period, now) : window_sums{};
}

breaker_metrics breaker::metrics(time_point now) const noexcept {
  auto seen = now_word();
  auto result = counts_.read(now);
  result.state = seen.state();
  result.failure_count = static_cast<uint32_t>(seen.failures);
  if (windowed() && seen.state() == breaker_state::closed)
    result.failure_count = static_cast<uint32_t>(
      window(static_cast<uint32_t>(seen.period), now).failures);
  return result;
}

} // namespace bulwark
