#pragma once

#include <bulwark/child_restarts.hpp>
#include <bulwark/detail/child.hpp>
#include <bulwark/event.hpp>
#include <bulwark/severity_rules.hpp>
#include <bulwark/time.hpp>

#include <caf/error.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

// The words in which a supervisor tells what happened. A child supervisor has
// no failures and recoveries of its own: its services and replicas have them.

/// `downtime`: of the failure that this start has ended.
event up_event(const child& who, std::optional<duration> downtime);

/// `starting`: it had not come up yet.
event failed_event(const child& who, const caf::error& reason, bool starting,
                   const restart_decision& decision, failure_context context);

/// It is beyond its limit, or a supervisor that failed.
event gave_up_event(const child& who, const caf::error& reason,
                    const restart_decision& decision);

/// It ended and is not started again.
event stopped_event(const child& who, const caf::error& reason);

event abandoned_event(const child& who);

event service_down_event(const std::string& path, const std::string& reason,
                         failure_context context);

event service_up_event(const std::string& path, duration downtime);

event supervisor_failed_event(const std::string& path,
                              const std::string& reason);

} // namespace bulwark::detail
