#include <bulwark/errors/advice.hpp>

namespace bulwark {

advice advice_for(errc code) noexcept {
  using enum errc;
  switch (code) {
  case service_crashed:
  case service_hung:
  case task_failed:
    return {was_handled::in_part, try_again::no};
  case timed_out:
    return {was_handled::maybe, try_again::later};
  case replica_lost:
  case unreachable:
    return {was_handled::maybe, try_again::at_once};
  case draining:
    return {was_handled::no, try_again::at_once};
  case service_failed:
  case stash_full:
  case stash_expired:
  case too_many_requests:
  case memory_exhausted:
  case circuit_open:
  case bulkhead_full:
  case bulkhead_timeout:
  case bulkhead_isolated:
  case rate_limited:
  case connection_failed:
  case running:
    return {was_handled::no, try_again::later};
  case stopped:
  case message_type:
  case task_abandoned:
    return {was_handled::maybe, try_again::no};
  case too_many_hops:
  case not_supported:
  case no_such_service:
  case no_such_bulkhead:
  case not_held:
  case invalid_option:
  case not_found:
  case already_started:
  case already_present:
    return {was_handled::no, try_again::no};
  }
  return {};
}

std::string to_text(const advice& what) {
  std::string result = what.handled == was_handled::no ? "it was not handled"
                       : what.handled == was_handled::maybe
                         ? "it may have been handled"
                         : "it was handled in part";
  if (what.again == try_again::no)
    return result + "; sent again it would end the same way";
  result +=
    what.again == try_again::later ? "; try again later" : "; try again";
  return what.handled == was_handled::no ? result
                                         : result + " if it is idempotent";
}

} // namespace bulwark
