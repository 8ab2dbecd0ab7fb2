#pragma once

#include <bulwark/events/monitor_requests.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace bulwark::detail {

/// Says what is wrong with a query: key, value and rule.
struct bad_query {
  std::string words;
};

/// How many events one answer has at most.
inline constexpr uint64_t admin_events_max = 1000;

/// Reads `max` (100 unless given) and `node` of `/api/events`.
std::variant<recent_events_request, bad_query>
events_request_of(std::string_view query);

/// Reads `window` (24h unless given) and `component` of `/api/report`.
std::variant<fault_tolerance_report_request, bad_query>
report_request_of(std::string_view query);

} // namespace bulwark::detail
