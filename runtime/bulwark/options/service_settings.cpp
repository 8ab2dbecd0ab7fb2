#include <bulwark/gate/gate_options.hpp>
#include <bulwark/options/service_settings.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

std::optional<std::string> validate_gate(const service_settings& s) {
  if (auto complaint = validate(s.gate))
    return complaint;
  auto complaint = s.breaker ? validate(*s.breaker) : std::nullopt;
  if (!complaint && s.retry)
    complaint = validate(*s.retry);
  if (!complaint)
    complaint = validate(s.retry_budget);
  if (!complaint && s.ejection)
    complaint = validate(*s.ejection);
  if (!complaint)
    complaint = validate_for_gate(s.hedge);
  return complaint ? complaint : validate(s.fallback);
}

std::optional<std::string> validate(const service_settings& s) {
  if (s.replicas < 1 || s.replicas > service_settings::replicas_max)
    return "replicas is " + std::to_string(s.replicas)
           + "; it must be at least 1 and at most "
           + std::to_string(service_settings::replicas_max);
  if (s.min_healthy < 1 || s.min_healthy > s.replicas)
    return "min_healthy is " + std::to_string(s.min_healthy)
           + "; it must be at least 1 and at most replicas, which is "
           + std::to_string(s.replicas);
  if (auto complaint = validate(s.usage()))
    return complaint;
  if (auto complaint = validate_weights(s.weights, s.replicas + s.standby))
    return complaint;
  if (auto complaint = validate_severity_shift(s.severity_shift))
    return complaint;
  if (s.strategy == restart_strategy::simple_one_for_one)
    return "strategy is simple_one_for_one; it must be one_for_one, "
           "one_for_all or rest_for_one";
  if (s.standby > 0 && s.strategy != restart_strategy::one_for_one)
    return "strategy is " + to_string(s.strategy)
           + "; with standbys it must be one_for_one, or they would be "
             "restarted with whoever they stand in for";
  if (auto complaint = option_checks::positive("ready_within", s.ready_within))
    return complaint;
  if (auto complaint = validate_hung_after("hung_after", s.hung_after))
    return complaint;
  if (auto complaint = validate(s.on_failure))
    return complaint;
  if (auto complaint = validate(s.restart))
    return complaint;
  if (auto complaint = validate(s.supervisor))
    return complaint;
  return validate_gate(s);
}

} // namespace bulwark
