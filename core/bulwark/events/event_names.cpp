#include <bulwark/events/event.hpp>

#include <array>
#include <string_view>

namespace bulwark {

namespace {

/// In the order of `event_kind`.
constexpr std::array<std::string_view, 66> kind_names{
  "child_started",       "child_failed",      "child_restarted",
  "child_stopped",       "restart_scheduled", "child_gave_up",
  "child_abandoned",     "message_failed",    "intensity_exceeded",
  "service_started",     "service_down",      "service_up",
  "service_unknown",     "supervisor_failed", "node_started",
  "node_draining",       "node_stopped",      "node_crashed",
  "clock_stepped",       "node_lost",         "node_joined",
  "node_left",           "join_failed",       "peer_refused",
  "role_gained",         "role_lost",         "role_unavailable",
  "threshold_crossed",   "bulkhead_isolated", "bulkhead_drained",
  "bulkhead_reopened",   "bulkhead_resized",  "permits_reclaimed",
  "lease_expired",       "quota_overrun",     "connection_lost",
  "connection_restored", "connection_leaked", "task_stuck",
  "worker_replaced",     "breaker_opened",    "breaker_half_opened",
  "breaker_closed",      "replica_failed",    "load_redistributed",
  "standby_promoted",    "failed_back",       "replica_ejected",
  "replica_returned",    "group_panicked",    "group_exhausted",
  "failure_reported",    "recovery_reported", "dead_letter",
  "message_refused",     "events_dropped",    "log_dropped",
  "journal_failed",      "journal_recovered", "journal_noticed",
  "alert_raised",        "alert_resolved",    "alert_not_taken",
  "warning_raised",      "warning_settled",   "change_applied",
};

static_assert(kind_names.size() == static_cast<size_t>(last_event_kind) + 1);

} // namespace

std::string to_string(event_kind kind) {
  auto index = static_cast<size_t>(kind);
  if (index < kind_names.size())
    return std::string{kind_names[index]};
  return "event_kind(" + std::to_string(index) + ")";
}

std::string to_string(severity level) {
  switch (level) {
  case severity::info:
    return "info";
  case severity::low:
    return "low";
  case severity::medium:
    return "medium";
  case severity::high:
    return "high";
  case severity::critical:
    return "critical";
  }
  return "severity(" + std::to_string(static_cast<int>(level)) + ")";
}

std::string to_string(failure_type type) {
  switch (type) {
  case failure_type::none:
    return "none";
  case failure_type::exception:
    return "exception";
  case failure_type::error_exit:
    return "error_exit";
  case failure_type::killed:
    return "killed";
  case failure_type::start_failed:
    return "start_failed";
  case failure_type::ready_timeout:
    return "ready_timeout";
  case failure_type::hung:
    return "hung";
  case failure_type::node_lost:
    return "node_lost";
  case failure_type::reported:
    return "reported";
  }
  return "failure_type(" + std::to_string(static_cast<int>(type)) + ")";
}

} // namespace bulwark
