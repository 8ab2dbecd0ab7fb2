#include <bulwark/protection/detail/breaker.hpp>

#include <algorithm>

namespace bulwark {

namespace {

// A whole call, and the share of them with which ramping begins.
constexpr uint64_t ramp_unit = uint64_t{1} << 32;
constexpr double ramp_start = 0.1;

duration left_until(std::optional<time_point> due, time_point now) noexcept {
  return due && *due > now ? *due - now : duration::zero();
}

} // namespace

breaker_verdict breaker::refused(duration retry_after) noexcept {
  counts_.refuse();
  return {false, {}, retry_after};
}

time_point breaker::due_of(breaker_word seen, time_point now) noexcept {
  auto period = static_cast<uint32_t>(seen.period);
  if (auto due = due_.of(period))
    return *due;
  // Whoever began the period has not told yet.
  auto due = now
             + (seen.state() == breaker_state::open ? open_time(seen)
                                                    : options_.probe_limit);
  due_.set(period, due);
  return due;
}

breaker_verdict breaker::admit_slowly(time_point now) noexcept {
  auto seen = now_word();
  // Again only when another thread has changed something meanwhile.
  for (;;) {
    bool again = false;
    breaker_verdict verdict;
    switch (seen.state()) {
    case breaker_state::closed:
      verdict = admit_ramping(seen, again, now);
      break;
    case breaker_state::open:
      verdict = admit_open(seen, again, now);
      break;
    case breaker_state::half_open:
      verdict = admit_probe(seen, again, now);
      break;
    case breaker_state::forced_open:
      return refused(breaker_verdict::never);
    case breaker_state::disabled:
    case breaker_state::metrics_only:
      return {true, {static_cast<uint32_t>(seen.period)}};
    }
    if (!again)
      return verdict;
  }
}

breaker_verdict breaker::admit_open(breaker_word& seen, bool& again,
                                    time_point now) noexcept {
  auto due = due_of(seen, now);
  if (now < due)
    return refused(due - now);
  auto before = seen;
  auto next = seen.next(breaker_state::half_open);
  next.out = 1;
  again = !exchange(seen, next);
  if (again)
    return {};
  return {true,
          {static_cast<uint32_t>(next.period)},
          duration::zero(),
          entered(before, next, breaker_cause::recovery_time_over, now)};
}

breaker_verdict breaker::admit_probe(breaker_word& seen, bool& again,
                                     time_point now) noexcept {
  auto period = static_cast<uint32_t>(seen.period);
  auto due = due_of(seen, now);
  if (seen.out > 0 && now >= due) {
    auto change = tick(now);
    if (!change) {
      again = true;
      seen = now_word();
      return {};
    }
    auto result = refused(change->open_for);
    result.change = change;
    return result;
  }
  uint64_t taken = seen.succeeded;
  taken += seen.out;
  if (taken >= options_.success_threshold)
    return refused(left_until(due, now));
  auto next = seen;
  next.out = seen.out + 1;
  // Before the place is taken: else another thread takes it for hung.
  due_.set(period, now + options_.probe_limit);
  again = !exchange(seen, next);
  return {true, {period}};
}

breaker_verdict breaker::admit_ramping(breaker_word& seen, bool& again,
                                       time_point now) noexcept {
  auto period = static_cast<uint32_t>(seen.period);
  if (seen.ramping == 0)
    return {true, {period}};
  auto left = left_until(due_.of(period), now);
  if (left == duration::zero()) {
    auto next = seen;
    next.ramping = 0;
    again = !exchange(seen, next);
    return {true, {period}};
  }
  auto passed = 1
                - static_cast<double>(left.count())
                    / static_cast<double>(options_.ramp_up.count());
  auto share = static_cast<uint64_t>(std::clamp(passed, ramp_start, 1.0)
                                     * static_cast<double>(ramp_unit));
  auto saved = ramp_.load(std::memory_order_acquire);
  uint64_t next = 0;
  uint64_t sum = 0;
  do {
    // The first one always goes.
    auto before =
      tagged::is_of(saved, period) ? tagged::value(saved) : ramp_unit - share;
    sum = before + share;
    next = tagged::make(period, sum >= ramp_unit ? sum - ramp_unit : sum);
  } while (
    !ramp_.compare_exchange_weak(saved, next, std::memory_order_acq_rel));
  return sum >= ramp_unit ? breaker_verdict{true, {period}}
                          : refused(duration::zero());
}

} // namespace bulwark
