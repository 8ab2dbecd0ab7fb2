#include <bulwark/protection/guard_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

std::optional<std::string> validate(const guard_options& o) {
  return option_checks::first_of(
    option_checks::not_negative("guard.timeout", o.timeout),
    validate(o.breaker), validate(o.retry), validate(o.retry_budget));
}

} // namespace bulwark
