#include <bulwark/errc.hpp>

namespace bulwark {

std::string to_string(errc code) {
  switch (code) {
  case errc::service_crashed:
    return "service_crashed";
  case errc::timed_out:
    return "timed_out";
  case errc::unreachable:
    return "unreachable";
  case errc::service_failed:
    return "service_failed";
  case errc::service_hung:
    return "service_hung";
  case errc::stopped:
    return "stopped";
  case errc::draining:
    return "draining";
  case errc::stash_full:
    return "stash_full";
  case errc::stash_expired:
    return "stash_expired";
  case errc::too_many_hops:
    return "too_many_hops";
  case errc::too_many_requests:
    return "too_many_requests";
  case errc::not_supported:
    return "not_supported";
  case errc::no_such_service:
    return "no_such_service";
  case errc::invalid_option:
    return "invalid_option";
  case errc::not_found:
    return "not_found";
  case errc::already_started:
    return "already_started";
  case errc::already_present:
    return "already_present";
  case errc::running:
    return "running";
  case errc::bulkhead_full:
    return "bulkhead_full";
  case errc::bulkhead_timeout:
    return "bulkhead_timeout";
  case errc::bulkhead_isolated:
    return "bulkhead_isolated";
  case errc::rate_limited:
    return "rate_limited";
  case errc::no_such_bulkhead:
    return "no_such_bulkhead";
  case errc::not_held:
    return "not_held";
  case errc::memory_exhausted:
    return "memory_exhausted";
  case errc::task_failed:
    return "task_failed";
  case errc::task_abandoned:
    return "task_abandoned";
  case errc::connection_failed:
    return "connection_failed";
  }
  return "errc(" + std::to_string(static_cast<int>(code)) + ")";
}

} // namespace bulwark
