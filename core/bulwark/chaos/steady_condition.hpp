#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// Figures as of a moment, by name: those of the report that alerts may name
/// too (`service/orders.availability_window`, over the last minute), and those
/// that a program measures itself (`orders.p99_ms`).
using figure_readings = std::map<std::string, double, std::less<>>;

/// What holds as long as all is well: a figure and its limit.
///
/// Immutable after construction.
struct steady_condition {
  enum class relation : uint8_t { below, at_most, at_least, above };

  std::string figure;
  relation is = relation::at_least;
  double value = 0;

  friend bool operator==(const steady_condition&,
                         const steady_condition&) = default;
};

/// Reads `FIGURE < VALUE`, `<=`, `>=` or `>`, such as `orders.p99_ms < 200`.
/// Returns a complaint, with the value and the rule, and then leaves `out`
/// alone; or nothing.
[[nodiscard]] std::optional<std::string> read_condition(std::string_view text,
                                                        steady_condition& out);

/// Returns what `read_condition` reads.
std::string to_string(const steady_condition& what);

/// Returns why a condition does not hold: "orders.p99_ms is 250, not < 200",
/// or that nobody measures the figure; nothing: it holds.
[[nodiscard]] std::optional<std::string>
broken_by(const steady_condition& what, const figure_readings& readings);

/// Returns why the first of them that does not hold does not; or nothing.
[[nodiscard]] std::optional<std::string>
first_broken(const std::vector<steady_condition>& all,
             const figure_readings& readings);

} // namespace bulwark
