#include <bulwark/protection/detail/call_course.hpp>

#include <algorithm>

namespace bulwark {

using action = call_step::action;

call_step call_course::value() noexcept {
  --under_way_;
  if (answered_)
    return {};
  answered_ = true;
  return {action::answer_value};
}

call_step call_course::error(failed_attempt how, time_point now,
                             double unit_random, retry_budget& budget) {
  --under_way_;
  if (answered_ || under_way_ > 0)
    return {};
  how.attempts = attempts_;
  how.within_retry = terms_.within_retry;
  how.repeatable = how.repeatable || terms_.idempotent;
  auto verdict =
    decide_retry(retry_, how, now, terms_.deadline, unit_random, budget);
  if (verdict.retry())
    return {action::retry, verdict.delay};
  answered_ = true;
  return {action::answer_error, duration::zero(), verdict.why_not};
}

void call_course::begin_retry() noexcept {
  ++attempts_;
  ++under_way_;
}

bool call_course::may_hedge() const noexcept {
  return !answered_ && under_way_ > 0 && hedges_ < hedge_.extra
         && terms_.idempotent && !terms_.keyed && !terms_.within_retry;
}

call_step call_course::hedge_due(bool other_replica, time_point now,
                                 retry_budget& budget) {
  if (!may_hedge() || !other_replica || now >= terms_.deadline
      || !budget.take(now))
    return {};
  ++hedges_;
  ++under_way_;
  return {action::hedge};
}

std::optional<duration> hedge_delay(const hedge_options& options,
                                    std::optional<duration> quantile) {
  if (options.extra == 0)
    return std::nullopt;
  if (options.delay > duration::zero())
    return options.delay;
  if (!quantile)
    return std::nullopt;
  return std::max(*quantile, options.delay_min);
}

} // namespace bulwark
