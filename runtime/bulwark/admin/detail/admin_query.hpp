#pragma once

#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/supervisor/detail/children_page.hpp>

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

/// Whose children are asked for, and which of them.
struct children_query {
  static constexpr uint64_t from_max = 10'000'000;
  static constexpr uint64_t listed_max = 500;

  /// Empty: those of the root supervisor.
  std::string service = {};

  /// Empty: the node that is asked.
  std::string node = {};

  children_page_request which = {};
};

/// Reads `service`, `node`, `from` and `max` of `/api/children`.
std::variant<children_query, bad_query>
children_query_of(std::string_view query);

} // namespace bulwark::detail
