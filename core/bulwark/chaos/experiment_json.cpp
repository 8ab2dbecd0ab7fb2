#include <bulwark/chaos/experiment_report.hpp>
#include <bulwark/text/detail/json_writer.hpp>

#include <chrono>

namespace bulwark {

namespace {

double in_seconds(duration length) {
  return std::chrono::duration<double>{length}.count();
}

void write_time(json_writer& out, std::string_view name,
                const std::optional<duration>& what) {
  out.key(name);
  if (what)
    out.value(in_seconds(*what));
  else
    out.null();
}

void write_reading(json_writer& out, std::string_view name,
                   const figure_readings& from, const std::string& figure) {
  out.key(name);
  if (auto known = from.find(figure); known != from.end())
    out.value(known->second);
  else
    out.null();
}

void write_steady(json_writer& out, const experiment_report& report) {
  out.key("steady").begin_array();
  for (const auto& each : report.what.steady) {
    out.begin_object().pair("condition", to_string(each));
    write_reading(out, "before", report.before, each.figure);
    write_reading(out, "at_worst", report.during, each.figure);
    write_reading(out, "after", report.after, each.figure);
    out.end_object();
  }
  out.end_array();
}

} // namespace

std::string to_json(const experiment_report& report) {
  json_writer out;
  out.begin_object()
    .pair("experiment", report.what.name)
    .pair("verdict", to_string(report.verdict))
    .pair("expected", to_string(report.what.expected))
    .pair("as_expected", report.as_expected())
    .pair("why", report.why)
    .pair("seed", report.what.seed)
    .key("faults")
    .begin_array();
  for (const auto& each : report.what.faults)
    out.value(to_string(each));
  out.end_array().pair("lasted_seconds", in_seconds(report.lasted));
  write_steady(out, report);
  write_time(out, "noticed_seconds", report.noticed_after);
  write_time(out, "recovered_seconds", report.recovered_after);
  out.key("protections").begin_object();
  for (const auto& [word, count] : report.protections)
    out.pair(word, count);
  out.end_object().key("did_not_act").begin_array();
  for (const auto& each : report.missing())
    out.value(each);
  out.end_array().end_object();
  return out.text();
}

} // namespace bulwark
