#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/protection/detail/breaker_event.hpp>
#include <bulwark/text/duration_text.hpp>

#include <utility>

namespace bulwark {

namespace {

event_kind kind_of(breaker_state state) {
  switch (state) {
  case breaker_state::open:
  case breaker_state::forced_open:
    return event_kind::breaker_opened;
  case breaker_state::half_open:
    return event_kind::breaker_half_opened;
  case breaker_state::closed:
  case breaker_state::disabled:
  case breaker_state::metrics_only:
    break;
  }
  return event_kind::breaker_closed;
}

} // namespace

event event_of(std::string component, std::string_view endpoint,
               const breaker_change& change) {
  event result;
  result.kind = kind_of(change.to);
  result.level = severity_of(result.kind, {});
  result.component = std::move(component);
  result.reason = to_text(change);
  if (!endpoint.empty())
    result.with("endpoint", std::string{endpoint});
  result.with("state", to_string(change.to));
  result.with("cause", to_string(change.why));
  if (change.open_for > duration::zero())
    result.with("open_for", to_text(change.open_for));
  return result;
}

} // namespace bulwark
