#include <bulwark/events/event.hpp>
#include <bulwark/ledger/detail/ledger_time.hpp>
#include <bulwark/ledger/report_json.hpp>
#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace bulwark {

namespace {

json_writer& write(json_writer& out, wall_time at) {
  auto value = ledger_clock::of(at);
  std::array<char, 40> text{};
  auto size = std::snprintf(text.data(), text.size(), "%s%lld.%06lld",
                            value < 0 ? "-" : "",
                            std::llabs(value / ledger_clock::second),
                            std::llabs(value % ledger_clock::second));
  return out.raw({text.data(), static_cast<size_t>(size)});
}

json_writer& write(json_writer& out, const std::optional<wall_time>& at) {
  return at ? write(out, *at) : out.null();
}

void write_mtbf(json_writer& out, double hours) {
  out.pair("mtbf_hours", hours).pair("mtbf_infinite", std::isinf(hours));
}

void write(json_writer& out, const std::string& name,
           const availabilities& what) {
  out.pair(name + "_1h", what.last_1h)
    .pair(name + "_24h", what.last_24h)
    .pair(name + "_30d", what.last_30d)
    .pair(name + "_window", what.window);
}

void write_summary(json_writer& out, const fault_tolerance_report& report) {
  out.key("summary").begin_object();
  out.pair("total_failures", report.total_failures)
    .pair("total_recoveries", report.total_recoveries);
  write_mtbf(out, report.mtbf_hours);
  out.pair("mttr_minutes", report.mttr_minutes);
  write(out, "availability", report.availability);
  write(out, "all_up", report.all_up);
  out.pair("fault_tolerance_score", report.fault_tolerance_score)
    .pair("known_components", report.known_components)
    .pair("failed_24h", report.failed_24h)
    .end_object();
}

void write_analysis(json_writer& out, const component_report& what) {
  out.key(what.id)
    .begin_object()
    .pair("failure_count", what.failures)
    .pair("current_status", to_string(what.condition));
  write_mtbf(out, what.mtbf_hours);
  out.pair("mttr_minutes", what.mttr_minutes).key("last_failure");
  write(out, what.last_failure);
  write(out, "availability", what.availability);
  out.end_object();
}

void write_component(json_writer& out, const component_report& what) {
  out.begin_object()
    .pair("id", what.id)
    .pair("kind", to_string(what.kind))
    .pair("node", what.node)
    .pair("path", what.path)
    .pair("state", to_string(what.condition))
    .key("known_since");
  write(out, what.known_since).key("down_since");
  write(out, what.down_since)
    .pair("recoveries", what.recoveries)
    .pair("estimated", what.estimated)
    .pair("outages", what.outages)
    .end_object();
}

void write_tree(json_writer& out, const cascade_tree& tree) {
  out.begin_object().key("members").begin_array();
  for (size_t i = 0; i < tree.members.size(); ++i) {
    const auto& each = tree.members[i];
    out.begin_object().pair("component", each.component).key("at");
    write(out, each.at);
    if (i > 0)
      out.pair("after", uint64_t{each.after})
        .pair("through", to_string(each.through));
    out.end_object();
  }
  out.end_array().pair("more", tree.more).end_object();
}

void write_patterns(json_writer& out, const failure_patterns& what) {
  out.key("failure_patterns").begin_object().key("by_severity").begin_object();
  for (size_t i = 0; i < what.by_severity.size(); ++i)
    if (what.by_severity[i] > 0)
      out.pair(to_string(static_cast<severity>(i)), what.by_severity[i]);
  out.end_object().key("by_type").begin_object();
  for (const auto& [word, count] : what.by_type)
    out.pair(word, count);
  out.end_object().key("by_time_of_day").begin_object();
  for (size_t i = 0; i < what.by_hour.size(); ++i)
    out.pair(std::string{i < 10 ? "0" : ""} + std::to_string(i),
             what.by_hour[i]);
  out.end_object()
    .pair("cascade_failures", what.cascade_failures)
    .pair("cascades", what.cascades)
    .key("cascade_trees")
    .begin_array();
  for (const auto& tree : what.trees)
    write_tree(out, tree);
  out.end_array().end_object();
}

void write_budget(json_writer& out, const budget_report& what) {
  auto seconds = [](auto length) {
    return std::chrono::duration<double>{length}.count();
  };
  out.begin_object()
    .pair("component", what.component)
    .pair("service", what.goal.service)
    .pair("target", what.goal.target)
    .pair("window_seconds", seconds(what.goal.window))
    .pair("allowed_seconds", seconds(what.allowed))
    .pair("used_seconds", seconds(what.used))
    .pair("left_seconds", seconds(what.allowed - what.used))
    .pair("left_share", what.left_share)
    .key("burn")
    .begin_object();
  for (size_t i = 0; i < burn_rules.size(); ++i)
    out.key(burn_rules[i].name)
      .begin_object()
      .pair("long_rate", what.burns[i].long_rate)
      .pair("short_rate", what.burns[i].short_rate)
      .pair("firing", what.burns[i].firing)
      .end_object();
  out.end_object().end_object();
}

void write_recommendations(json_writer& out,
                           const std::vector<recommendation>& all) {
  out.key("recommendations").begin_array();
  for (const auto& each : all)
    out.value(each.words);
  out.end_array().key("recommendation_details").begin_array();
  for (const auto& each : all)
    out.begin_object()
      .pair("rule", to_string(each.rule))
      .pair("component", each.component)
      .pair("figure", each.figure)
      .pair("words", each.words)
      .end_object();
  out.end_array();
}

void write_gaps(json_writer& out, const fault_tolerance_report& report) {
  out.key("gaps").begin_array();
  for (const auto& each : report.gaps)
    out.begin_object()
      .pair("node", each.node)
      .pair("boot", each.boot)
      .pair("from", each.from)
      .pair("to", each.to)
      .end_object();
  out.end_array()
    .pair("gaps_more", report.gaps_more)
    .pair("late", report.late)
    .pair("estimated", report.total_estimated)
    .pair("dropped", report.dropped)
    .pair("refused", report.refused)
    .key("warnings")
    .begin_object()
    .pair("raised", report.warnings.raised)
    .pair("hits", report.warnings.hits)
    .pair("false_alarms", report.warnings.false_alarms)
    .end_object();
}

} // namespace

std::string to_json(const fault_tolerance_report& report) {
  json_writer out;
  out.begin_object().key("timestamp");
  write(out, report.timestamp).pair("time", to_text(report.timestamp));
  out.pair("window", to_text(report.window));
  write_summary(out, report);
  out.key("component_analysis").begin_object();
  for (const auto& each : report.components)
    write_analysis(out, each);
  out.end_object();
  write_patterns(out, report.patterns);
  write_recommendations(out, report.recommendations);
  out.key("components").begin_array();
  for (const auto& each : report.components)
    write_component(out, each);
  out.end_array().key("budgets").begin_array();
  for (const auto& each : report.budgets)
    write_budget(out, each);
  out.end_array();
  write_gaps(out, report);
  out.end_object();
  return out.text();
}

} // namespace bulwark
