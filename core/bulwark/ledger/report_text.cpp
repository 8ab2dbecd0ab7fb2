#include <bulwark/events/event.hpp>
#include <bulwark/ledger/detail/text_table.hpp>
#include <bulwark/ledger/report_text.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

/// A crash is over within a second, an outage of a disk lasts for days.
std::string length_text(double minutes) {
  if (minutes >= 60)
    return fixed(minutes / 60, 2) + " h";
  if (minutes >= 1)
    return fixed(minutes, 2) + " min";
  using exact = std::chrono::duration<double, std::ratio<60>>;
  return to_text(std::chrono::round<std::chrono::milliseconds>(exact{minutes}));
}

std::string mtbf_text(double hours) {
  return std::isinf(hours) ? "-" : length_text(hours * 60);
}

std::string mttr_text(double minutes) {
  return minutes == 0 ? "-" : length_text(minutes);
}

std::string time_text(const std::optional<wall_time>& at) {
  return at ? to_text(*at) : "-";
}

void add_line(std::string& out, const std::string& name,
              const std::string& value) {
  out += "  " + padded(name, 24) + value + "\n";
}

std::string shares_text(const availabilities& what) {
  return fixed(what.last_1h, 3) + " % in 1 h, " + fixed(what.last_24h, 3)
         + " % in 24 h, " + fixed(what.last_30d, 3) + " % in 30 d";
}

void add_summary(std::string& out, const fault_tolerance_report& report) {
  out += "Fault tolerance at " + to_text(report.timestamp) + "\n\n";
  add_line(out, "score", fixed(report.fault_tolerance_score, 1) + " of 100");
  add_line(out, "availability", shares_text(report.availability));
  add_line(out, "everything up", shares_text(report.all_up));
  add_line(out, "over " + to_text(report.window),
           fixed(report.availability.window, 3) + " %, everything up "
             + fixed(report.all_up.window, 3) + " %");
  add_line(out, "failures", std::to_string(report.total_failures));
  add_line(out, "recoveries",
           std::to_string(report.total_recoveries) + ", of which estimated "
             + std::to_string(report.total_estimated));
  add_line(out, "time between failures", mtbf_text(report.mtbf_hours));
  add_line(out, "time to recovery", mttr_text(report.mttr_minutes));
  add_line(out, "components",
           std::to_string(report.known_components) + ", down within 24 h "
             + std::to_string(report.failed_24h));
}

void add_warnings(std::string& out, const warning_counts& what) {
  if (what.raised == 0)
    return;
  auto settled = what.hits + what.false_alarms;
  auto text = std::to_string(what.raised) + ", of " + std::to_string(settled)
              + " settled ones came true " + std::to_string(what.hits);
  if (settled > 0)
    text +=
      " ("
      + fixed(
        100 * static_cast<double>(what.hits) / static_cast<double>(settled), 0)
      + " %)";
  add_line(out, "warnings", text);
}

void add_components(std::string& out, const fault_tolerance_report& report) {
  text_table table{{"component", "kind", "state", "failures", "mtbf", "mttr",
                    "24 h", "30 d", "last failure"}};
  for (const auto& each : report.components)
    table.add(
      {one_line(each.id), to_string(each.kind), to_string(each.condition),
       std::to_string(each.failures), mtbf_text(each.mtbf_hours),
       mttr_text(each.mttr_minutes), fixed(each.availability.last_24h, 3),
       fixed(each.availability.last_30d, 3), time_text(each.last_failure)});
  out += "\nComponents\n\n" + table.text();
}

void add_hours(std::string& out, const std::array<uint64_t, 24>& hours) {
  constexpr uint64_t width = 40;
  auto most = *std::max_element(hours.begin(), hours.end());
  for (size_t i = 0; i < hours.size(); ++i) {
    if (hours[i] == 0)
      continue;
    // At least one sign, however many there are in other hours.
    auto length = static_cast<size_t>(std::ceil(
      static_cast<double>(hours[i]) * width / static_cast<double>(most)));
    out += std::string{"    "} + (i < 10 ? "0" : "") + std::to_string(i)
           + ":00  " + std::string(length, '#') + " " + std::to_string(hours[i])
           + "\n";
  }
}

void add_patterns(std::string& out, const failure_patterns& what) {
  out += "\nFailures, also of replicas\n\n";
  for (size_t i = 0; i < what.by_severity.size(); ++i)
    if (what.by_severity[i] > 0)
      add_line(out, to_string(static_cast<severity>(i)),
               std::to_string(what.by_severity[i]));
  for (const auto& [word, count] : what.by_type)
    add_line(out, "type " + one_line(word), std::to_string(count));
  add_line(out, "within 300 s of another",
           std::to_string(what.cascade_failures) + ", of a related one "
             + std::to_string(what.cascades));
  if (std::any_of(what.by_hour.begin(), what.by_hour.end(),
                  [](auto n) { return n > 0; }))
    out += "  by hour of the day, UTC\n";
  add_hours(out, what.by_hour);
}

void add_followers(std::string& out, const cascade_tree& tree, size_t of,
                   size_t depth) {
  for (size_t i = of + 1; i < tree.members.size(); ++i) {
    const auto& each = tree.members[i];
    if (each.after != of)
      continue;
    out += std::string(4 + 2 * depth, ' ') + "-> " + one_line(each.component)
           + " after " + to_text(duration{each.at - tree.members[of].at})
           + ", by " + to_string(each.through) + "\n";
    add_followers(out, tree, i, depth + 1);
  }
}

void add_cascades(std::string& out, const std::vector<cascade_tree>& trees) {
  if (trees.empty())
    return;
  out += "\nCascades\n\n";
  for (const auto& tree : trees) {
    const auto& first = tree.members.front();
    out += "  " + to_text(first.at) + " " + one_line(first.component) + "\n";
    add_followers(out, tree, 0, 0);
    if (tree.more > 0)
      out += "    and " + std::to_string(tree.more) + " more\n";
  }
}

std::string days_text(duration value) {
  return fixed(std::chrono::duration<double, std::ratio<86400>>{value}.count(),
               1)
         + " d";
}

std::string minutes_text(std::chrono::microseconds value) {
  return fixed(std::chrono::duration<double, std::ratio<60>>{value}.count(), 2)
         + " min";
}

std::string firing_text(const budget_report& what) {
  std::string result;
  for (size_t i = 0; i < burn_rules.size(); ++i)
    if (what.burns[i].firing)
      result += std::string{result.empty() ? "" : ", "}
                + std::string{burn_rules[i].name};
  return result.empty() ? "-" : result;
}

void add_budgets(std::string& out, const std::vector<budget_report>& all) {
  if (all.empty())
    return;
  text_table table{{"component", "target", "over", "left", "left time",
                    "burn 1 h", "burn 6 h", "burn 3 d", "alerts"}};
  for (const auto& each : all)
    table.add(
      {one_line(each.component), fixed(each.goal.target * 100, 3) + " %",
       days_text(each.goal.window), fixed(each.left_share * 100, 1) + " %",
       minutes_text(each.allowed - each.used),
       fixed(each.burns[0].long_rate, 2), fixed(each.burns[1].long_rate, 2),
       fixed(each.burns[2].long_rate, 2), firing_text(each)});
  out += "\nObjectives\n\n" + table.text();
}

void add_rest(std::string& out, const fault_tolerance_report& report) {
  if (!report.recommendations.empty())
    out += "\nRecommendations\n\n";
  for (const auto& each : report.recommendations)
    out += "  - " + one_line(each.words) + "\n";
  auto gaps = report.gaps.size() + report.gaps_more;
  if (gaps + report.late + report.dropped + report.refused == 0)
    return;
  out += "\nWhat is missing\n\n";
  for (const auto& each : report.gaps)
    add_line(out, one_line(each.node) + " boot " + std::to_string(each.boot),
             "events " + std::to_string(each.from) + " to "
               + std::to_string(each.to));
  add_line(out, "more gaps", std::to_string(report.gaps_more));
  add_line(out, "late events", std::to_string(report.late));
  add_line(out, "dropped events", std::to_string(report.dropped));
  add_line(out, "refused events", std::to_string(report.refused));
}

} // namespace

std::string to_text(const fault_tolerance_report& report) {
  std::string result;
  add_summary(result, report);
  add_warnings(result, report.warnings);
  add_components(result, report);
  add_patterns(result, report.patterns);
  add_cascades(result, report.patterns.trees);
  add_budgets(result, report.budgets);
  add_rest(result, report);
  return result;
}

} // namespace bulwark
