#include <bulwark/protection/breaker_change.hpp>

namespace bulwark {

namespace {

std::string opened(const breaker_change& change) {
  auto after = " after " + std::to_string(change.failures) + " failures";
  switch (change.why) {
  case breaker_cause::busy:
    return "Circuit breaker OPENED: the service asked for rest";
  case breaker_cause::slow_rate:
    return "Circuit breaker OPENED: too many calls were slow";
  case breaker_cause::probe_hung:
    return "Circuit breaker OPENED: a probe did not come back";
  default:
    return "Circuit breaker OPENED" + after;
  }
}

std::string half_opened(const breaker_change& change) {
  if (change.why == breaker_cause::told_by_node)
    return "Circuit breaker transitioning to HALF_OPEN: another node's opened";
  return "Circuit breaker transitioning to HALF_OPEN";
}

} // namespace

std::string to_string(breaker_cause cause) {
  constexpr const char* names[] = {"failures",           "failure_rate",
                                   "slow_rate",          "busy",
                                   "probe_failed",       "probe_hung",
                                   "recovery_time_over", "probes_succeeded",
                                   "told_by_node",       "told_by_operator",
                                   "other_endpoint"};
  auto index = static_cast<size_t>(cause);
  if (index < std::size(names))
    return names[index];
  return "breaker_cause(" + std::to_string(index) + ")";
}

std::string to_text(const breaker_change& change) {
  if (change.to == breaker_state::open)
    return opened(change);
  if (change.to == breaker_state::half_open)
    return half_opened(change);
  if (change.to == breaker_state::closed
      && change.why == breaker_cause::probes_succeeded)
    return "Circuit breaker CLOSED - service recovered";
  return "Circuit breaker set to " + to_string(change.to);
}

} // namespace bulwark
