#include "services/gate_error.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/sec.hpp>

namespace storefront {

int status_of(const caf::error& error) {
  using bulwark::errc;
  // The asker's own timeout, where it is shorter than the gate's.
  if (error == caf::sec::request_timeout)
    return 504;
  switch (bulwark::code_of(error, errc::service_crashed)) {
  case errc::timed_out:
    return 504;
  case errc::too_many_requests:
  case errc::rate_limited:
    return 429;
  case errc::unreachable:
  case errc::service_failed:
  case errc::service_hung:
  case errc::replica_lost:
  case errc::stopped:
  case errc::draining:
  case errc::stash_full:
  case errc::stash_expired:
  case errc::no_such_service:
  case errc::bulkhead_full:
  case errc::bulkhead_timeout:
  case errc::bulkhead_isolated:
    return 503;
  default:
    return 500;
  }
}

std::string words_for(const caf::error& error, const std::string& service) {
  if (status_of(error) == 500)
    return service + ": failed on this request";
  return bulwark::describe(error);
}

} // namespace storefront
