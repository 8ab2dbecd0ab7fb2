#include <bulwark/protection/detail/breaker_event.hpp>
#include <bulwark/protection/detail/call_chain.hpp>
#include <bulwark/protection/detail/error_outcome.hpp>
#include <bulwark/protection/detail/guard_core.hpp>
#include <bulwark/protection/detail/unit_random.hpp>
#include <bulwark/protection/guard_error.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

namespace {

/// What a guard further in has thrown and is not to be tried again here.
thread_local std::exception_ptr final_error;

/// A sum that is no later than the end of time.
time_point after(time_point now, duration length) {
  return length <= duration::zero() || length >= time_point::max() - now
           ? time_point::max()
           : now + length;
}

call_outcome outcome_of_thrown(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const guard_error& e) {
    return outcome_of(e.code());
  } catch (...) {
    return call_outcome::failure;
  }
}

bool lets_none_through(const breaker& by) {
  return by.state() == breaker_state::open
         || by.state() == breaker_state::forced_open;
}

} // namespace

guard_core::guard_core(std::string name, const guard_options& options,
                       guard_hooks hooks)
  : name_(std::move(name)),
    options_(options),
    hooks_(std::move(hooks)),
    breakers_(name_, options.breaker),
    budget_(options.retry_budget) {}

call_report guard_core::run(std::string_view endpoint, time_point deadline,
                            const std::function<void(attempt&)>& fn) {
  auto now = clock().now();
  const auto outer = call_chain::here();
  if (!outer.nested)
    final_error = nullptr;
  deadline = std::min({deadline, outer.deadline, after(now, options_.timeout)});
  if (now >= deadline)
    throw guard_error(errc::timed_out,
                      name_ + ": the deadline has passed before it began");
  budget_.deposit(now);
  std::exception_ptr last;
  for (uint32_t number = 1;; ++number) {
    auto verdict = breakers_.admit(endpoint, now);
    tell();
    if (!verdict.said.admitted && last)
      std::rethrow_exception(last);
    if (!verdict.said.admitted)
      refuse(verdict.said, *verdict.by, now);
    auto until = std::min(deadline, after(now, options_.retry.attempt_timeout));
    attempt made{number, until, std::min(until - now, option_duration_max)};
    auto within = outer.within_retry || number > 1;
    auto how = make(made, within, now, fn);
    breakers_.record(*verdict.by, endpoint, verdict.said.ticket, how.end,
                     how.at);
    tell();
    if (!how.thrown && made.said() != call_outcome::failure)
      return {.attempts = number};
    auto next = decide(made, how, *verdict.by, outer.within_retry, deadline);
    if (!next.retry()) {
      if (!how.thrown)
        return {.attempts = number};
      if (outer.nested && is_final_above(next.why_not, number))
        final_error = how.thrown;
      std::rethrow_exception(how.thrown);
    }
    last = how.thrown;
    clock().wait_until(how.at + next.delay);
    now = clock().now();
  }
}

guard_core::ended guard_core::make(attempt& made, bool within_retry,
                                   time_point start,
                                   const std::function<void(attempt&)>& fn) {
  ended result;
  {
    chain_scope scope{{made.deadline(), within_retry, true}};
    try {
      fn(made);
    } catch (...) {
      result.thrown = std::current_exception();
    }
  }
  result.at = clock().now();
  result.end = {outcome_of(made, result), result.at - start, made.busy()};
  return result;
}

call_outcome guard_core::outcome_of(const attempt& made,
                                    const ended& how) const {
  if (made.said())
    return *made.said();
  if (!how.thrown)
    return how.at > made.deadline() ? call_outcome::failure
                                    : call_outcome::success;
  if (hooks_.outcome_of)
    return hooks_.outcome_of(how.thrown);
  return outcome_of_thrown(how.thrown);
}

retry_verdict guard_core::decide(const attempt& made, const ended& how,
                                 const breaker& by, bool within_retry,
                                 time_point deadline) {
  auto below = how.thrown && how.thrown == final_error;
  failed_attempt failed{.attempts = made.number(),
                        .within_retry = within_retry,
                        .retryable = how.end.how == call_outcome::failure,
                        .repeatable = options_.idempotent,
                        .retried_below = below,
                        .busy = made.busy()};
  // What it has just opened would refuse the next attempt.
  if (lets_none_through(by)
      || (how.thrown && hooks_.retry_on && !hooks_.retry_on(how.thrown)))
    failed.retryable = false;
  auto random =
    unit_random(dice_.fetch_add(1, std::memory_order_relaxed)
                + static_cast<uint64_t>(how.at.time_since_epoch().count()));
  return decide_retry(options_.retry, failed, how.at, deadline, random,
                      budget_);
}

void guard_core::refuse(const breaker_verdict& said, breaker& by,
                        time_point now) const {
  auto failed = last_failure_of(by.metrics(now), now, hooks_.clock->wall_now());
  throw circuit_open(name_, failed, said.retry_after);
}

breaker_metrics guard_core::metrics(std::string_view endpoint) {
  auto result = breakers_.metrics(endpoint, clock().now());
  tell();
  return result;
}

void guard_core::set(breaker_state to, std::string_view endpoint) {
  breakers_.set(to, endpoint, clock().now());
  tell();
}

void guard_core::tell() {
  breakers_.tell([this](const breaker_group::news& what) {
    if (hooks_.on_change)
      hooks_.on_change(what.change);
    if (hooks_.events.heard())
      hooks_.events.emit(event_of(name_, what.endpoint, what.change));
  });
}

} // namespace bulwark::detail
