#pragma once

#include <map>
#include <optional>
#include <string>

namespace bulwark::detail {

/// What the report of the cluster says of one service.
///
/// Immutable after construction.
struct ledger_figures {
  /// Shares of the time, 0 to 1.
  double last_1h = 1;
  double last_24h = 1;
  double last_30d = 1;

  /// Share of the objective's budget, below 0 when more was used. Nothing:
  /// there is no objective for it.
  std::optional<double> budget_left = std::nullopt;

  /// How many times as fast as allowed it is used, by the rules for that.
  std::map<std::string, double> burns = {};

  friend bool operator==(const ledger_figures&,
                         const ledger_figures&) = default;
};

/// By the service's name.
using figures_by_service = std::map<std::string, ledger_figures>;

/// Which components of a report these are: `*` stands for any characters.
inline constexpr const char* ledger_figures_component = "service/*";

/// Reads them out of a report of format `json`; empty where it is none.
figures_by_service read_ledger_figures(const std::string& report);

} // namespace bulwark::detail
