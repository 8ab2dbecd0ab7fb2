#pragma once

#include <bulwark/bulkhead/allocation_attempt.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/performance_trends.hpp>
#include <bulwark/bulkhead/system_health.hpp>
#include <bulwark/caf/sent_wall_time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include <string>

namespace bulwark {

// What can be asked of the manager of bulkheads, `node.bulkheads().handle()`.

/// Answered with `system_health`.
struct system_health_request {};

/// Answered with `performance_trends` over that period, up to now: between a
/// second and a year, or `invalid_option`.
struct performance_trends_request {
  double hours = 1;
};

/// Before any message that a bulkhead takes (bulkhead_requests.hpp): it goes
/// to the bulkhead of that name, which answers; `no_such_bulkhead` if there is
/// none. The same for `cpu_quota_stats_request` and a CPU quota.
///
///     self->request(manager, timeout, at_bulkhead{"web_threads"},
///                   resize_bulkhead{40});
struct at_bulkhead {
  std::string name;
};

// From the same process only, and answered when it is done or with an error
// that changes nothing:
//
// - `invalid_option`: field, value and rule.
// - `no_such_bulkhead`: which name is unknown.
// - `bulkhead_full`, `bulkhead_isolated`: which bulkhead refused, and why.
// - `not_held`: there is nothing to release.

/// Sets resources aside for a service, all or none: a part of each bulkhead's
/// capacity that only this service may use. Answered with
/// `service_allocation`.
struct allocate_resources {
  std::string service;
  resource_amounts resources;

  /// To be released when the asking actor ends.
  bool follow = false;
};

/// What was allocated, or released.
struct service_allocation {
  std::string service;
  resource_amounts resources;

  friend bool operator==(const service_allocation&,
                         const service_allocation&) = default;
};

/// Returns all that is set aside for a service. Answered with
/// `service_allocation`.
struct release_service_resources {
  std::string service;
};

/// Switches samples on or off, see `bulkhead_manager::set_monitoring`. Answered
/// with `caf::unit`.
struct set_monitoring {
  bool enabled = true;
};

/// Notes that a service works in a bulkhead. Answered with `caf::unit`.
struct assign_service {
  std::string service;
  std::string bulkhead;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, system_health_request&) {
  return f(caf::meta::type_name("bulwark.system_health_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        performance_trends_request& x) {
  return f(caf::meta::type_name("bulwark.performance_trends_request"), x.hours);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, usage_trend& x) {
  return f(caf::meta::type_name("bulwark.usage_trend"), x.min_utilization,
           x.max_utilization, x.avg_utilization, x.current_utilization,
           x.trend_direction, x.slope_per_hour, x.metrics_count, x.covered);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, performance_trends& x) {
  return f(caf::meta::type_name("bulwark.performance_trends"),
           x.time_period_hours, x.metrics_count, x.covered, x.bulkhead_trends,
           x.message);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, at_bulkhead& x) {
  return f(caf::meta::type_name("bulwark.at_bulkhead"), x.name);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, system_health& x) {
  sent_wall_time timestamp{x.timestamp};
  return f(caf::meta::type_name("bulwark.system_health"), timestamp,
           x.total_bulkheads, x.healthy, x.degraded, x.exhausted,
           x.overall_health_score, x.average_utilization, x.bulkhead_details,
           x.active_services, x.service_allocations, x.service_assignments,
           x.alerts);
}

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::allocate_resources)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::service_allocation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::release_service_resources)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::set_monitoring)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::assign_service)
