#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/detail/gate_errors.hpp>

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
  case errc::rate_limited:
    return "comes more often than its bulkhead's rate allows";
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

caf::error refusal(errc code, const std::string& service,
                   const bulkhead_core& bulkhead) {
  const auto* words = code == errc::bulkhead_full ? " has no permit free, "
                      : code == errc::bulkhead_timeout
                        ? " had no permit free in time, "
                        : " is isolated, ";
  auto percent = bulkhead.utilization();
  auto text = service + ": bulkhead " + bulkhead.name() + words
              + std::to_string(static_cast<int>(percent)) + " % in use";
  return make_refusal(code, std::move(text), bulkhead.name(), percent);
}

} // namespace

caf::error gate_error(errc code, const std::string& service,
                      const bulkhead_core* bulkhead) {
  if (bulkhead != nullptr
      && (code == errc::bulkhead_full || code == errc::bulkhead_timeout
          || code == errc::bulkhead_isolated))
    return refusal(code, service, *bulkhead);
  return make_error(code, service + ": " + words_for(code));
}

} // namespace bulwark::detail
