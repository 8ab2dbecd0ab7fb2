#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_error.hpp>
#include <bulwark/gate/detail/call_retries.hpp>
#include <bulwark/gate/detail/gate_errors.hpp>
#include <bulwark/protection/detail/error_outcome.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/detail/unit_random.hpp>

#include <stdexcept>

namespace bulwark::detail {

ended_attempt ended_attempt::of(const caf::error& answer, bool from_peer) {
  auto code = answered_code(answer);
  auto refused = from_peer && was_never_handled(code);
  return {.retryable = code == errc{} || refused
                       || outcome_of(code) == call_outcome::failure,
          .retried_below = attempts_of(answer).has_value(),
          .busy = retry_after_of(answer).value_or(duration::zero())};
}

call_retries::call_retries(const std::string& service,
                           const std::optional<retry_options>& options,
                           const retry_budget_options& budget, bool hedges)
  : armed_(options.has_value()),
    counts_(options || hedges),
    options_(options.value_or(retry_options{})),
    budget_(budget) {
  auto complaint = options ? validate(*options) : std::nullopt;
  if (!complaint)
    complaint = validate(budget);
  if (complaint)
    throw std::invalid_argument{"service " + service + ": " + *complaint};
}

void call_retries::change(const retry_options& options,
                          const retry_budget_options& budget) {
  lock_guard guard{lock_};
  options_ = options;
  budget_.change(budget);
}

std::optional<duration> call_retries::backoff(kept_request& of,
                                              const ended_attempt& how,
                                              time_point now,
                                              time_point deadline) {
  failed_attempt failed{.attempts = of.tries,
                        .within_retry = of.within_retry,
                        .retryable = how.retryable,
                        .repeatable = true,
                        .retried_below = how.retried_below,
                        .busy = how.busy};
  auto random =
    unit_random(dice_.fetch_add(1, std::memory_order_relaxed)
                + static_cast<uint64_t>(now.time_since_epoch().count()));
  auto verdict =
    decide_retry(options(), failed, now, deadline, random, budget_);
  if (verdict.retry())
    return verdict.delay;
  of.final_above = verdict.why_not == retry_stop::budget_spent;
  return std::nullopt;
}

} // namespace bulwark::detail
