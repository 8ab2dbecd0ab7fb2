#include <bulwark/protection/retry_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

std::optional<std::string> validate(const retry_options& o) {
  return first_of(within("retry.attempts", uint64_t{o.attempts}, 1, 100),
                  positive("retry.initial", o.initial),
                  growth("retry.multiplier", o.multiplier),
                  positive("retry.max", o.max),
                  at_least("retry.max", o.max, "retry.initial", o.initial),
                  share("retry.jitter", o.jitter),
                  not_negative("retry.attempt_timeout", o.attempt_timeout));
}

std::optional<std::string> validate(const retry_budget_options& o) {
  return first_of(
    within("retry_budget.share", o.share, 0.0, 10.0),
    within("retry_budget.per_second", uint64_t{o.per_second}, 0, 1'000'000));
}

} // namespace bulwark
