#pragma once

#include <bulwark/ledger/report.hpp>

#include <string>

namespace bulwark {

/// Returns the report for a person at a terminal: the summary, a table of
/// components, patterns with a bar for each hour of the day, cascades as
/// trees, budgets, recommendations. Ends with a line break. What components
/// are called is shown by `one_line`, so that no name can forge a line.
[[nodiscard]] std::string to_text(const fault_tolerance_report& report);

} // namespace bulwark
