#include <bulwark/chaos/protection_word.hpp>

#include <algorithm>
#include <array>

namespace bulwark {

namespace {

constexpr std::array<std::string_view, 11> protections{
  "restart",   "failover",   "breaker", "bulkhead", "ejection", "hung",
  "cool_down", "peer_watch", "journal", "alert",    "warning"};

} // namespace

std::optional<std::string_view> protection_of(const event& what) noexcept {
  switch (what.kind) {
  case event_kind::child_restarted:
    return find_metadata(what, "method") == "failover" ? "failover" : "restart";
  case event_kind::service_up:
    if (find_metadata(what, "method") == "failover")
      return "failover";
    return std::nullopt;
  case event_kind::role_gained:
  case event_kind::standby_promoted:
    return "failover";
  case event_kind::breaker_opened:
    return "breaker";
  case event_kind::threshold_crossed:
  case event_kind::bulkhead_isolated:
    return "bulkhead";
  case event_kind::replica_ejected:
    return "ejection";
  case event_kind::child_abandoned:
    return "hung";
  case event_kind::child_failed:
    if (what.failure == failure_type::hung)
      return "hung";
    return std::nullopt;
  case event_kind::intensity_exceeded:
  case event_kind::child_gave_up:
    return "cool_down";
  case event_kind::node_lost:
    return "peer_watch";
  case event_kind::journal_failed:
    return "journal";
  case event_kind::alert_raised:
    return "alert";
  case event_kind::warning_raised:
    return "warning";
  default:
    return std::nullopt;
  }
}

bool is_protection_word(std::string_view word) noexcept {
  return std::find(protections.begin(), protections.end(), word)
         != protections.end();
}

std::string protection_words() {
  std::string result;
  for (auto each : protections)
    result += (result.empty() ? "" : ", ") + std::string{each};
  return result;
}

} // namespace bulwark
