#include <bulwark/chaos/experiment_report.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

namespace bulwark {

namespace {

std::string reading_text(const figure_readings& from,
                         const std::string& figure) {
  auto known = from.find(figure);
  return known == from.end() ? "-" : option_checks::shown(known->second);
}

std::string time_or_never(const std::optional<duration>& value) {
  return value ? to_text(*value) : "never";
}

std::string listed(const std::vector<std::string>& all) {
  std::string result;
  for (const auto& each : all)
    result += (result.empty() ? "" : ", ") + each;
  return result;
}

std::string acted_text(const experiment_report& report) {
  std::vector<std::string> all;
  for (const auto& [word, count] : report.protections)
    all.push_back(word + " " + std::to_string(count) + " times");
  return all.empty() ? "none" : listed(all);
}

} // namespace

std::vector<std::string> experiment_report::missing() const {
  std::vector<std::string> result;
  for (const auto& each : what.expected_protections)
    if (!protections.contains(each))
      result.push_back(each);
  return result;
}

bool experiment_report::as_expected() const {
  return verdict == what.expected && missing().empty();
}

std::string to_text(const experiment_report& report) {
  std::string out =
    "Experiment " + report.what.name + ": " + to_string(report.verdict);
  out += report.verdict == report.what.expected
           ? ", as expected\n"
           : ", expected was " + to_string(report.what.expected) + "\n";
  if (!report.why.empty())
    out += "  because     " + report.why + "\n";
  for (const auto& each : report.what.faults)
    out += "  fault       " + to_string(each) + "\n";
  out += "  lasted      " + to_text(report.lasted) + "\n";
  for (const auto& each : report.what.steady)
    out += "  steady      " + to_string(each) + ": before "
           + reading_text(report.before, each.figure) + ", at worst "
           + reading_text(report.during, each.figure) + ", after "
           + reading_text(report.after, each.figure) + "\n";
  if (report.verdict == experiment_verdict::refused)
    return out;
  out += "  noticed     " + time_or_never(report.noticed_after)
         + " after the first fault\n";
  out += "  well again  " + time_or_never(report.recovered_after)
         + " after the last one\n";
  out += "  acted       " + acted_text(report) + "\n";
  if (auto missing = report.missing(); !missing.empty())
    out += "  did not act " + listed(missing) + "\n";
  return out;
}

} // namespace bulwark
