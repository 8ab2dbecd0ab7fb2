#include <bulwark/supervision/detail/intensity.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

namespace bulwark {

namespace {

using complaint = std::optional<std::string>;

} // namespace

supervisor_policy otp_strict(supervisor_policy base, uint32_t intensity,
                             duration period) {
  base.limits = {intensity, period};
  base.strict = true;
  return base;
}

child_policy otp_strict(child_policy base) {
  base.restart.initial = base.restart.max = duration::zero();
  base.restart.jitter = 0;
  base.restart.intensity = restart_intensity::unlimited;
  base.hung_after = duration::zero();
  return base;
}

complaint validate_hung_after(const std::string& name, duration value) {
  constexpr duration least = std::chrono::milliseconds{10};
  if (value == duration::zero()
      || (value >= least && value <= option_duration_max))
    return std::nullopt;
  return name + " is " + to_text(value) + "; it must be 0ms, for never, or "
         + to_text(least) + " to " + to_text(option_duration_max);
}

complaint validate(const child_policy& child, const supervisor_policy& parent) {
  if (auto wrong = validate(child.restart))
    return wrong;
  if (auto wrong =
        option_checks::positive("child.ready_within", child.ready_within))
    return wrong;
  if (auto wrong = validate_hung_after("child.hung_after", child.hung_after))
    return wrong;
  if (child.significant && parent.on_significant == auto_shutdown::never)
    return complaint{"child.significant is true; it must be false where "
                     "supervisor.auto_shutdown is never"};
  if (child.significant && child.restart.type == restart_type::permanent)
    return complaint{"child.significant is true; it must be false where "
                     "restart.type is permanent, which never ends"};
  return std::nullopt;
}

complaint validate(const supervisor_policy& policy) {
  if (auto wrong = validate(policy.limits))
    return wrong;
  if (policy.abandon_after < duration::zero()
      || policy.abandon_after > option_duration_max)
    return "supervisor.abandon_after is " + to_text(policy.abandon_after)
           + "; it must be 0ms to " + to_text(option_duration_max);
  return std::nullopt;
}

std::string to_string(restart_strategy strategy) {
  switch (strategy) {
  case restart_strategy::one_for_one:
    return "one_for_one";
  case restart_strategy::one_for_all:
    return "one_for_all";
  case restart_strategy::rest_for_one:
    return "rest_for_one";
  case restart_strategy::simple_one_for_one:
    return "simple_one_for_one";
  }
  return "unknown";
}

std::string to_string(auto_shutdown when) {
  switch (when) {
  case auto_shutdown::never:
    return "never";
  case auto_shutdown::any_significant:
    return "any_significant";
  case auto_shutdown::all_significant:
    return "all_significant";
  }
  return "unknown";
}

std::string to_string(limit_action action) {
  return action == limit_action::escalate ? "escalate" : "cool_down";
}

} // namespace bulwark
