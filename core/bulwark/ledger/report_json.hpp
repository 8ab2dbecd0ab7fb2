#pragma once

#include <bulwark/ledger/report.hpp>

#include <string>

namespace bulwark {

/// Returns the report as JSON on one line; equal reports give equal bytes.
///
/// Times are seconds since 1970-01-01 UTC with six decimals, or null; shares
/// are per cent. An infinite `mtbf_hours` is null, and `mtbf_infinite` beside
/// it true. The first five fields have the names and the nesting of the
/// document that the project grew from:
///
///     {"timestamp":, "summary":{"total_failures":, "total_recoveries":,
///      "mtbf_hours":, "mttr_minutes":, "availability_24h":,
///      "fault_tolerance_score":, ...},
///      "component_analysis":{ID:{"failure_count":, "current_status":,
///      "mtbf_hours":, "mttr_minutes":, "last_failure":, ...}},
///      "failure_patterns":{"by_severity":{}, "by_type":{},
///      "by_time_of_day":{}, "cascade_failures":, "cascades":, ...},
///      "recommendations":[...]}
///
/// `components`, `budgets`, `recommendation_details`, `gaps`, `gaps_more`,
/// `late`, `estimated`, `dropped`, `refused` and `warnings`, with `raised`,
/// `hits` and `false_alarms`, stand beside them.
[[nodiscard]] std::string to_json(const fault_tolerance_report& report);

} // namespace bulwark
