#include <bulwark/ledger/report.hpp>

namespace bulwark {

std::string to_string(component_kind kind) {
  switch (kind) {
  case component_kind::replica:
    return "replica";
  case component_kind::service:
    return "service";
  case component_kind::node:
    return "node";
  case component_kind::application:
    return "application";
  case component_kind::cluster_service:
    return "cluster_service";
  case component_kind::others:
    return "others";
  }
  return "component_kind(" + std::to_string(static_cast<int>(kind)) + ")";
}

std::string to_string(component_condition condition) {
  switch (condition) {
  case component_condition::healthy:
    return "healthy";
  case component_condition::failed:
    return "failed";
  case component_condition::recovered:
    return "recovered";
  case component_condition::unreachable:
    return "unreachable";
  case component_condition::stopped:
    return "stopped";
  }
  return "component_condition(" + std::to_string(static_cast<int>(condition))
         + ")";
}

std::string to_string(cascade_link link) {
  switch (link) {
  case cascade_link::none:
    return "none";
  case cascade_link::dependency:
    return "dependency";
  case cascade_link::supervisor:
    return "supervisor";
  case cascade_link::bulkhead:
    return "bulkhead";
  case cascade_link::node:
    return "node";
  }
  return "cascade_link(" + std::to_string(static_cast<int>(link)) + ")";
}

std::string to_string(recommendation_rule rule) {
  switch (rule) {
  case recommendation_rule::availability:
    return "availability";
  case recommendation_rule::recovery_time:
    return "recovery_time";
  case recommendation_rule::failure_count:
    return "failure_count";
  case recommendation_rule::component_recovery_time:
    return "component_recovery_time";
  case recommendation_rule::cascades:
    return "cascades";
  }
  return "recommendation_rule(" + std::to_string(static_cast<int>(rule)) + ")";
}

} // namespace bulwark
