#include <bulwark/protection/guard_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

std::optional<std::string> validate(const guard_options& o) {
  return option_checks::first_of(
    option_checks::not_negative("guard.timeout", o.timeout),
    validate(o.breaker), validate(o.retry), validate(o.retry_budget),
    o.breaker.cluster_wide
      ? std::optional<std::string>{"breaker.cluster_wide is true; it must be "
                                   "false in a guard, which is one of its node"}
      : std::nullopt);
}

} // namespace bulwark
