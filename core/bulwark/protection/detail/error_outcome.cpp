#include <bulwark/protection/detail/error_outcome.hpp>

namespace bulwark {

namespace {

/// Refused, by a limit or since nobody is there.
bool is_refusal(errc code) noexcept {
  switch (code) {
  case errc::service_failed:
  case errc::stopped:
  case errc::draining:
  case errc::stash_full:
  case errc::stash_expired:
  case errc::too_many_requests:
  case errc::bulkhead_full:
  case errc::bulkhead_timeout:
  case errc::bulkhead_isolated:
  case errc::rate_limited:
  case errc::memory_exhausted:
  case errc::circuit_open:
    return true;
  default:
    return false;
  }
}

/// No service can do it.
bool is_mistake(errc code) noexcept {
  switch (code) {
  case errc::too_many_hops:
  case errc::not_supported:
  case errc::no_such_service:
  case errc::invalid_option:
  case errc::not_found:
  case errc::already_started:
  case errc::already_present:
  case errc::running:
  case errc::no_such_bulkhead:
  case errc::not_held:
  case errc::message_type:
    return true;
  default:
    return false;
  }
}

} // namespace

call_outcome outcome_of(errc code) noexcept {
  return is_refusal(code) || is_mistake(code) ? call_outcome::ignored
                                              : call_outcome::failure;
}

bool was_never_handled(errc code) noexcept {
  return is_refusal(code);
}

} // namespace bulwark
