#pragma once

#include <bulwark/ledger/report.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

enum class threshold_side : uint8_t { below, above };

std::string to_string(threshold_side side);

/// A limit for one figure of the report.
///
/// Immutable after construction.
struct threshold_rule {
  /// Part of the alert's id; must not be empty.
  std::string name;

  /// A field of the report's JSON: one of `summary` or of `failure_patterns`
  /// (`availability_24h`, `cascades`), `late`, `dropped`, `refused`,
  /// `estimated` or `gaps`; or one of a component, behind its id and a point:
  /// `service/orders.mttr_minutes`, out of failure_count, mtbf_hours,
  /// mttr_minutes, availability_1h, _24h, _30d, _window.
  std::string figure;

  threshold_side side = threshold_side::below;

  /// The rule holds beyond it, not at it.
  double value = 0;

  /// So long it must hold before there is an alert: 0 to a year.
  duration lasts_for{0};

  bool critical = false;

  friend bool operator==(const threshold_rule&,
                         const threshold_rule&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const threshold_rule& rule);

/// Returns the figure of that name, or nothing when the report has none.
[[nodiscard]] std::optional<double>
figure_of(const fault_tolerance_report& report, std::string_view name);

/// Returns whether the rule holds; not for a figure that the report lacks.
[[nodiscard]] bool holds(const threshold_rule& rule,
                         const fault_tolerance_report& report);

} // namespace bulwark
