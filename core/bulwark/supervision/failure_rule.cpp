#include <bulwark/supervision/failure_rule.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <algorithm>

namespace bulwark {

namespace {

bool fits(std::string_view cause, std::string_view reason) {
  if (!reason.starts_with(cause))
    return false;
  auto rest = reason.substr(cause.size());
  return cause.empty() || rest.empty() || rest.starts_with(": ");
}

} // namespace

const failure_rule* find_rule(const std::vector<failure_rule>& rules,
                              std::string_view reason) {
  auto it = std::find_if(rules.begin(), rules.end(), [=](const auto& each) {
    return fits(each.cause, reason);
  });
  return it == rules.end() ? nullptr : &*it;
}

std::optional<std::string> validate(const std::vector<failure_rule>& rules) {
  for (const auto& each : rules) {
    auto field = [&](const char* name) {
      return "on_failure of " + quoted(each.cause) + ": " + name + " is ";
    };
    if (each.period < duration::zero() || each.period > option_duration_max)
      return field("period") + to_text(each.period)
             + "; it must be 0ms, for none of its own, to "
             + to_text(option_duration_max);
    if (each.intensity > 0 && each.period == duration::zero())
      return field("intensity") + std::to_string(each.intensity)
             + "; it must be 0 where period is 0ms";
    if (each.period > duration::zero()
        && each.then != failure_directive::restart)
      return field("period") + to_text(each.period)
             + "; it must be 0ms where nothing is restarted";
  }
  return std::nullopt;
}

bool may_resume(const std::vector<failure_rule>& rules) {
  return std::any_of(rules.begin(), rules.end(), [](const auto& each) {
    return each.then == failure_directive::resume;
  });
}

} // namespace bulwark
