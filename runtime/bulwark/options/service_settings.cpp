#include <bulwark/gate/gate_options.hpp>
#include <bulwark/options/service_settings.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

namespace bulwark {

namespace {

std::optional<std::string> validate_slow_start(const service_settings& s) {
  if (s.slow_start == duration::zero())
    return std::nullopt;
  if (auto complaint = option_checks::within(
        "slow_start", s.slow_start, duration{0}, std::chrono::hours{1}))
    return complaint;
  using strategy = balancing_strategy;
  if (s.balance == strategy::consistent_hash
      || (s.blocking && s.balance == strategy::two_choices))
    return "slow_start is " + to_text(s.slow_start)
           + "; it must be 0 by consistent_hash, which sends keys to their "
             "replica at once, and where handlers block, unless balance is "
             "another strategy";
  return std::nullopt;
}

} // namespace

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
  if (!complaint && s.probe)
    complaint = validate(*s.probe);
  if (!complaint)
    complaint = validate_for_gate(s.hedge);
  if (!complaint)
    complaint = validate_slow_start(s);
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
