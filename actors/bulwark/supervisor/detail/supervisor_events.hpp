#pragma once

#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/supervision/detail/child_restarts.hpp>
#include <bulwark/supervisor/detail/child_record.hpp>
#include <bulwark/time/time.hpp>

#include <caf/error.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

// The words in which a supervisor tells what happened; `path` is that of the
// child, or of the supervisor where there is none. A child supervisor has no
// failures and recoveries of its own: its services and replicas have them.

/// `downtime`: of the failure that this start has ended; `by_hand`: somebody
/// asked for the start.
event up_event(const std::string& path, const child_record& who,
               std::optional<duration> downtime, bool by_hand);

event failed_event(const std::string& path, const child_record& who,
                   const failed_step& step, failure_context context);

/// Why the child failed.
failure_type type_of(const child_record& who, const failed_step& step);

/// It is beyond its limit, or a supervisor that failed.
event gave_up_event(const std::string& path, const child_record& who,
                    const restart_decision& decision);

/// More restarts than a limit allows, of a child or of a supervisor as a
/// whole; `latest` are the last failures that counted.
event intensity_exceeded_event(const std::string& path, uint64_t restarts,
                               duration within, std::string latest);

/// Returns the window in which the failure of `who` was counted.
duration window_of(const child_record& who);

/// It ended and is not started again.
event stopped_event(const std::string& path, const child_record& who,
                    const stopped_step& step);

event paused_event(const std::string& path, const child_record& who,
                   const paused_step& step);

event abandoned_event(const std::string& path, const child_record& who);

/// The group that `cause` belongs to, all below `path`, is stopped and started
/// again.
event restart_scheduled_event(const std::string& path,
                              const child_record& cause,
                              const group_step& step);

/// The service of the supervisor at `path` is known from now on.
event service_started_event(
  const std::string& path, size_t min_healthy,
  const std::vector<std::pair<std::string, std::string>>& about);

/// Why a service goes down: what its replica, or its supervisor, failed with.
struct service_failure {
  std::string reason;
  failure_type type = failure_type::error_exit;
};

event service_down_event(const std::string& path, const service_failure& why,
                         failure_context context, int severity_shift);

event service_up_event(const std::string& path, duration downtime,
                       bool by_hand);

event supervisor_failed_event(const std::string& path,
                              const std::string& reason);

} // namespace bulwark::detail
