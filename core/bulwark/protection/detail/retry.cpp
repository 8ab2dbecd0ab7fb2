#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/supervision/detail/backoff.hpp>

#include <algorithm>

namespace bulwark {

namespace {

retry_stop stop_of(const retry_options& options, const failed_attempt& failed) {
  if (failed.retried_below)
    return retry_stop::retried_below;
  if (!failed.retryable)
    return retry_stop::not_retryable;
  if (!failed.repeatable)
    return retry_stop::maybe_handled;
  auto most = failed.within_retry ? 1 : options.attempts;
  return failed.attempts >= most ? retry_stop::attempts_used : retry_stop::none;
}

} // namespace

duration retry_backoff(const retry_options& options, uint32_t attempts,
                       double unit_random) {
  restart_options same;
  same.initial = options.initial;
  same.multiplier = options.multiplier;
  same.max = options.max;
  same.jitter = options.jitter;
  return backoff_delay(same, attempts - 1, unit_random);
}

retry_verdict decide_retry(const retry_options& options,
                           const failed_attempt& failed, time_point now,
                           time_point deadline, double unit_random,
                           retry_budget& budget) {
  if (auto why = stop_of(options, failed); why != retry_stop::none)
    return {why};
  auto delay =
    std::max(retry_backoff(options, failed.attempts, unit_random), failed.busy);
  if (delay >= deadline - now)
    return {retry_stop::deadline};
  if (!budget.take(now))
    return {retry_stop::budget_spent};
  return {retry_stop::none, delay};
}

bool is_final_above(retry_stop why, uint32_t attempts) noexcept {
  return attempts > 1 || why == retry_stop::retried_below
         || why == retry_stop::budget_spent;
}

std::string to_string(retry_stop why) {
  constexpr const char* names[] = {
    "none",          "attempts_used", "not_retryable", "maybe_handled",
    "retried_below", "deadline",      "budget_spent"};
  auto index = static_cast<size_t>(why);
  if (index < std::size(names))
    return names[index];
  return "retry_stop(" + std::to_string(index) + ")";
}

} // namespace bulwark
