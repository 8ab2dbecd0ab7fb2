#include <bulwark/bulkhead/detail/bulkhead_error.hpp>
#include <bulwark/gate/detail/gate_errors.hpp>

#include <caf/sec.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

std::string words_for(errc code) {
  switch (code) {
  case errc::timed_out:
    return "no answer before the deadline";
  case errc::unreachable:
    return "no connected node offers it";
  case errc::service_failed:
    return "failed too often, cools down";
  case errc::service_hung:
    return "got stuck and was replaced";
  case errc::stopped:
    return "was stopped";
  case errc::draining:
    return "its node drains and takes nothing new";
  case errc::stash_full:
    return "no replica is up and too much waits already";
  case errc::stash_expired:
    return "no replica was free for it in time";
  case errc::too_many_hops:
    return "delegated too many times";
  case errc::too_many_requests:
    return "too many requests in flight";
  case errc::memory_exhausted:
    return "has no memory left for it";
  case errc::replica_lost:
    return "was taken up by a replica that ended before it answered";
  case errc::message_type:
    return "has a type that one of its nodes does not know";
  default:
    return to_string(code);
  }
}

} // namespace

caf::error gate_error(errc code, const std::string& service,
                      const bulkhead_core* bulkhead) {
  if (bulkhead != nullptr && is_bulkhead_error(code))
    return bulkhead_error(code, service, *bulkhead);
  return make_error(code, service + ": " + words_for(code));
}

errc answered_code(const caf::error& answer) {
  if (answer.category() == caf::atom("system")
      && answer.code() == static_cast<uint8_t>(caf::sec::unexpected_message))
    return errc::not_supported;
  return code_of(answer, errc{});
}

} // namespace bulwark::detail
