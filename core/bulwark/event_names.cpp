#include <bulwark/event.hpp>

namespace bulwark {

std::string to_string(event_kind kind) {
  switch (kind) {
  case event_kind::child_started:
    return "child_started";
  case event_kind::child_failed:
    return "child_failed";
  case event_kind::child_restarted:
    return "child_restarted";
  case event_kind::child_stopped:
    return "child_stopped";
  case event_kind::restart_scheduled:
    return "restart_scheduled";
  case event_kind::child_gave_up:
    return "child_gave_up";
  case event_kind::child_abandoned:
    return "child_abandoned";
  case event_kind::service_down:
    return "service_down";
  case event_kind::service_up:
    return "service_up";
  case event_kind::supervisor_failed:
    return "supervisor_failed";
  case event_kind::node_started:
    return "node_started";
  case event_kind::node_draining:
    return "node_draining";
  case event_kind::node_stopped:
    return "node_stopped";
  case event_kind::node_lost:
    return "node_lost";
  case event_kind::node_joined:
    return "node_joined";
  case event_kind::node_left:
    return "node_left";
  case event_kind::join_failed:
    return "join_failed";
  case event_kind::peer_refused:
    return "peer_refused";
  case event_kind::failure_reported:
    return "failure_reported";
  case event_kind::recovery_reported:
    return "recovery_reported";
  case event_kind::dead_letter:
    return "dead_letter";
  case event_kind::message_refused:
    return "message_refused";
  case event_kind::events_dropped:
    return "events_dropped";
  case event_kind::log_dropped:
    return "log_dropped";
  }
  return "event_kind(" + std::to_string(static_cast<int>(kind)) + ")";
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
