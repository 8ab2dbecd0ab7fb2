#include <bulwark/ledger/threshold_rule.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace bulwark {

using namespace option_checks;

namespace {

using report_figure =
  std::pair<std::string_view, double (*)(const fault_tolerance_report&)>;
using component_figure =
  std::pair<std::string_view, double (*)(const component_report&)>;

double number(uint64_t value) {
  return static_cast<double>(value);
}

constexpr std::array<report_figure, 22> report_figures{{
  {"total_failures", [](auto& x) { return number(x.total_failures); }},
  {"total_recoveries", [](auto& x) { return number(x.total_recoveries); }},
  {"mtbf_hours", [](auto& x) { return x.mtbf_hours; }},
  {"mttr_minutes", [](auto& x) { return x.mttr_minutes; }},
  {"availability_1h", [](auto& x) { return x.availability.last_1h; }},
  {"availability_24h", [](auto& x) { return x.availability.last_24h; }},
  {"availability_30d", [](auto& x) { return x.availability.last_30d; }},
  {"availability_window", [](auto& x) { return x.availability.window; }},
  {"all_up_1h", [](auto& x) { return x.all_up.last_1h; }},
  {"all_up_24h", [](auto& x) { return x.all_up.last_24h; }},
  {"all_up_30d", [](auto& x) { return x.all_up.last_30d; }},
  {"all_up_window", [](auto& x) { return x.all_up.window; }},
  {"fault_tolerance_score", [](auto& x) { return x.fault_tolerance_score; }},
  {"known_components", [](auto& x) { return number(x.known_components); }},
  {"failed_24h", [](auto& x) { return number(x.failed_24h); }},
  {"cascade_failures",
   [](auto& x) { return number(x.patterns.cascade_failures); }},
  {"cascades", [](auto& x) { return number(x.patterns.cascades); }},
  {"late", [](auto& x) { return number(x.late); }},
  {"dropped", [](auto& x) { return number(x.dropped); }},
  {"refused", [](auto& x) { return number(x.refused); }},
  {"estimated", [](auto& x) { return number(x.total_estimated); }},
  {"gaps", [](auto& x) { return number(x.gaps.size() + x.gaps_more); }},
}};

constexpr std::array<component_figure, 7> component_figures{{
  {"failure_count", [](auto& x) { return number(x.failures); }},
  {"mtbf_hours", [](auto& x) { return x.mtbf_hours; }},
  {"mttr_minutes", [](auto& x) { return x.mttr_minutes; }},
  {"availability_1h", [](auto& x) { return x.availability.last_1h; }},
  {"availability_24h", [](auto& x) { return x.availability.last_24h; }},
  {"availability_30d", [](auto& x) { return x.availability.last_30d; }},
  {"availability_window", [](auto& x) { return x.availability.window; }},
}};

template <class Figures>
auto find(const Figures& figures, std::string_view name) {
  return std::find_if(figures.begin(), figures.end(),
                      [=](auto& x) { return x.first == name; });
}

template <class Figures>
std::string list(const Figures& figures) {
  std::string result;
  for (const auto& [name, read] : figures)
    result += (result.empty() ? "" : ", ") + std::string{name};
  return result;
}

complaint known_figure(std::string_view name) {
  auto point = name.rfind('.');
  if (point == std::string_view::npos) {
    if (find(report_figures, name) != report_figures.end())
      return std::nullopt;
    return said("threshold.figure", name,
                "one of " + list(report_figures)
                  + ", or a component's id, a point and one of "
                  + list(component_figures));
  }
  auto figure = name.substr(point + 1);
  if (point > 0 && find(component_figures, figure) != component_figures.end())
    return std::nullopt;
  return said("threshold.figure", name,
              "a component's id, a point and one of "
                + list(component_figures));
}

} // namespace

std::string to_string(threshold_side side) {
  return side == threshold_side::below ? "below" : "above";
}

std::optional<std::string> validate(const threshold_rule& rule) {
  if (rule.name.empty())
    return said("threshold.name", "empty", "a name");
  if (!std::isfinite(rule.value))
    return said("threshold.value", shown(rule.value), "a finite number");
  return first_of(known_figure(rule.figure),
                  within("threshold.lasts_for", rule.lasts_for,
                         duration::zero(), option_duration_max));
}

std::optional<double> figure_of(const fault_tolerance_report& report,
                                std::string_view name) {
  if (auto it = find(report_figures, name); it != report_figures.end())
    return it->second(report);
  auto point = name.rfind('.');
  if (point == std::string_view::npos)
    return std::nullopt;
  auto id = name.substr(0, point);
  auto who = std::lower_bound(
    report.components.begin(), report.components.end(), id,
    [](const auto& each, std::string_view wanted) { return each.id < wanted; });
  auto it = find(component_figures, name.substr(point + 1));
  if (who == report.components.end() || who->id != id
      || it == component_figures.end())
    return std::nullopt;
  return it->second(*who);
}

bool holds(const threshold_rule& rule, const fault_tolerance_report& report) {
  auto figure = figure_of(report, rule.figure);
  if (!figure)
    return false;
  return rule.side == threshold_side::below ? *figure < rule.value
                                            : *figure > rule.value;
}

} // namespace bulwark
