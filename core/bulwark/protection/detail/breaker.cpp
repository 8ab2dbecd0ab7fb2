#include <bulwark/protection/detail/breaker.hpp>
#include <bulwark/protection/detail/unit_random.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

bool is_open_cause(breaker_cause why) noexcept {
  return why == breaker_cause::probe_failed || why == breaker_cause::probe_hung
         || why == breaker_cause::slow_rate;
}

} // namespace

breaker::breaker(const breaker_options& options, uint64_t seed)
  : options_(options), seed_(seed) {
  if (options.policy == breaker_policy::count_window)
    by_calls_.emplace(options.window_calls);
  if (options.policy == breaker_policy::time_window)
    by_time_.emplace(options.window);
  begin_windows(period());
}

void breaker::begin_windows(uint32_t period) noexcept {
  if (by_calls_)
    by_calls_->begin(period);
  if (by_time_)
    by_time_->begin(period);
}

bool breaker::exchange(breaker_word& from, breaker_word to) noexcept {
  auto bits = from.bits();
  auto done =
    word_.compare_exchange_strong(bits, to.bits(), std::memory_order_acq_rel);
  if (!done)
    from = breaker_word::from(bits);
  return done;
}

duration breaker::open_time(breaker_word word) const noexcept {
  auto times = std::pow(options_.growth, static_cast<double>(word.reopened));
  auto base = static_cast<double>(options_.recovery_timeout.count());
  auto most = static_cast<double>(options_.recovery_max.count());
  auto grown = std::min(base * times, most);
  auto share = options_.jitter * unit_random(seed_ + word.period);
  return duration{static_cast<duration::rep>(grown * (1 + share))};
}

breaker_change breaker::entered(breaker_word from, breaker_word to,
                                breaker_cause why, time_point now,
                                duration busy) noexcept {
  auto period = static_cast<uint32_t>(to.period);
  breaker_change change{period, from.state(), to.state(), why, now};
  if (to.state() == breaker_state::open) {
    change.failures = static_cast<uint32_t>(to.failures);
    change.open_for = busy > duration::zero()
                        ? std::min(busy, options_.busy_max)
                        : open_time(to);
    due_.set(period, now + change.open_for);
  }
  // In each, although calls are added in closed ones alone: so no number of
  // theirs is ever old.
  begin_windows(period);
  if (to.ramping != 0)
    due_.set(period, now + options_.ramp_up);
  if (to.out != 0)
    due_.set(period, now + options_.probe_limit);
  return change;
}

std::optional<breaker_change>
breaker::entered_if_new(breaker_word from, breaker_word to, breaker_cause why,
                        time_point now, duration busy) noexcept {
  if (to.period == from.period)
    return std::nullopt;
  return entered(from, to, why, now, busy);
}

std::optional<breaker_change> breaker::record(breaker_ticket ticket,
                                              const call_end& end,
                                              time_point now) noexcept {
  auto seen = now_word();
  if (seen.state() == breaker_state::disabled)
    return std::nullopt;
  auto slow = end.took > options_.slow_call;
  if (end.how != call_outcome::ignored)
    counts_.add(end.how == call_outcome::success, slow, end.took, now);
  if (seen.period != ticket.period)
    return std::nullopt;
  if (seen.state() == breaker_state::half_open)
    return end_probe(seen, end, slow, now);
  if (seen.state() != breaker_state::closed || end.how == call_outcome::ignored)
    return std::nullopt;
  auto opens_at_once =
    end.how == call_outcome::failure && end.busy > duration::zero();
  return windowed() && !opens_at_once ? end_windowed(seen, end, slow, now)
                                      : end_closed(seen, end, now);
}

std::optional<breaker_change> breaker::end_closed(breaker_word seen,
                                                  const call_end& end,
                                                  time_point now) noexcept {
  const auto period = seen.period;
  const auto failed = end.how == call_outcome::failure;
  while (seen.period == period) {
    auto next = seen;
    if (!failed) {
      if (seen.failures == 0)
        return std::nullopt;
      next.failures = options_.policy == breaker_policy::counter
                        ? seen.failures - 1
                        : uint64_t{0};
    } else {
      next = seen.with_failures(static_cast<uint32_t>(seen.failures) + 1);
      if (end.busy > duration::zero()
          || next.failures >= options_.failure_threshold)
        next = next.next(breaker_state::open);
    }
    auto why = end.busy > duration::zero() ? breaker_cause::busy
                                           : breaker_cause::failures;
    auto before = seen;
    if (exchange(seen, next))
      return entered_if_new(before, next, why, now, end.busy);
  }
  return std::nullopt;
}

std::optional<breaker_change> breaker::end_windowed(breaker_word seen,
                                                    const call_end& end,
                                                    bool slow,
                                                    time_point now) noexcept {
  const auto period = seen.period;
  const auto failed = end.how == call_outcome::failure;
  auto number = static_cast<uint32_t>(period);
  auto sums = by_calls_ ? by_calls_->add(number, failed, slow)
                        : by_time_->add(number, failed, slow, now);
  if (!sums || sums->calls < options_.calls_min)
    return std::nullopt;
  auto calls = static_cast<double>(sums->calls);
  auto many_failed =
    static_cast<double>(sums->failures) >= options_.failure_rate * calls;
  auto many_slow =
    static_cast<double>(sums->slow) >= options_.slow_rate * calls;
  if (!many_failed && !many_slow)
    return std::nullopt;
  auto failures = static_cast<uint32_t>(
    std::min<uint64_t>(sums->failures, breaker_word::failures_max));
  while (seen.period == period) {
    auto before = seen;
    auto next = seen.with_failures(failures).next(breaker_state::open);
    if (exchange(seen, next))
      return entered(before, next,
                     many_failed ? breaker_cause::failure_rate
                                 : breaker_cause::slow_rate,
                     now);
  }
  return std::nullopt;
}

breaker_word breaker::after_probe(breaker_word seen, const call_end& end,
                                  bool slow,
                                  breaker_cause& why) const noexcept {
  if (end.how == call_outcome::failure) {
    why = end.busy > duration::zero() ? breaker_cause::busy
                                      : breaker_cause::probe_failed;
    return seen.with_failures(static_cast<uint32_t>(seen.failures) + 1)
      .next(breaker_state::open);
  }
  auto next = seen;
  // One is under way, or an operator has set the state meanwhile.
  next.out = seen.out - (seen.out > 0 ? 1 : 0);
  if (end.how == call_outcome::ignored)
    return next;
  next.succeeded = seen.succeeded + 1;
  next.slow = seen.slow + (slow ? 1 : 0);
  if (next.succeeded < options_.success_threshold)
    return next;
  auto slow_enough = options_.slow_rate * options_.success_threshold;
  if (windowed() && static_cast<double>(next.slow) >= slow_enough) {
    why = breaker_cause::slow_rate;
    return next.next(breaker_state::open);
  }
  why = breaker_cause::probes_succeeded;
  next = next.next(breaker_state::closed);
  next.failures = 0;
  next.reopened = 0;
  next.ramping = options_.ramp_up > duration::zero() ? 1 : 0;
  return next;
}

std::optional<breaker_change> breaker::end_probe(breaker_word seen,
                                                 const call_end& end, bool slow,
                                                 time_point now) noexcept {
  const auto period = seen.period;
  while (seen.period == period) {
    auto before = seen;
    auto why = breaker_cause::probe_failed;
    auto next = after_probe(seen, end, slow, why);
    if (next.state() == breaker_state::open && is_open_cause(why))
      next.reopened =
        std::min<uint64_t>(seen.reopened + 1, breaker_word::reopened_max);
    if (exchange(seen, next))
      return entered_if_new(before, next, why, now, end.busy);
  }
  return std::nullopt;
}

} // namespace bulwark
