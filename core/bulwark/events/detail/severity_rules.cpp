#include <bulwark/events/detail/severity_rules.hpp>

#include <algorithm>

namespace bulwark {

namespace {

severity of_service(const failure_context& context) {
  if (context.up >= context.min_healthy)
    return severity::low;
  return context.up == 0 ? severity::high : severity::medium;
}

/// Of what is as bad whatever else is up.
severity usual(event_kind kind) {
  switch (kind) {
  case event_kind::failure_reported:
  case event_kind::quota_overrun:
  case event_kind::connection_leaked:
  case event_kind::task_stuck:
  case event_kind::events_dropped:
  case event_kind::log_dropped:
  case event_kind::journal_failed:
  case event_kind::journal_noticed:
  case event_kind::alert_not_taken:
  case event_kind::clock_stepped:
  case event_kind::warning_raised:
  case event_kind::group_panicked:
  case event_kind::group_exhausted:
    return severity::medium;
  case event_kind::threshold_crossed:
  case event_kind::bulkhead_isolated:
  case event_kind::permits_reclaimed:
  case event_kind::lease_expired:
  case event_kind::connection_lost:
  case event_kind::breaker_opened:
  case event_kind::replica_failed:
  case event_kind::replica_ejected:
  case event_kind::service_unknown:
  case event_kind::join_failed:
  case event_kind::peer_refused:
  case event_kind::role_lost:
  case event_kind::role_unavailable:
  case event_kind::message_failed:
  case event_kind::dead_letter:
  case event_kind::message_refused:
    return severity::low;
  default: // Changes and recoveries.
    return severity::info;
  }
  return severity::info;
}

} // namespace

severity severity_of(event_kind kind, const failure_context& context) {
  switch (kind) {
  case event_kind::child_failed:
    return context.restarts_in_window >= repeated_restarts
             ? severity::high
             : of_service(context);
  case event_kind::service_down:
    return context.up == 0 ? severity::high : severity::medium;
  case event_kind::child_abandoned:
  case event_kind::intensity_exceeded:
    return severity::high;
  case event_kind::child_gave_up:
  case event_kind::supervisor_failed:
  case event_kind::node_lost:
  case event_kind::node_crashed:
    return severity::critical;
  default:
    return usual(kind);
  }
  return severity::info;
}

severity shifted(severity level, int shift) noexcept {
  if (level == severity::info)
    return level;
  return static_cast<severity>(
    std::clamp(static_cast<int>(level) + shift, static_cast<int>(severity::low),
               static_cast<int>(severity::critical)));
}

} // namespace bulwark
