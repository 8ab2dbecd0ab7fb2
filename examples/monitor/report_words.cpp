#include "report_words.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace {

using nlohmann::json;

std::string shown(const char* format, double value) {
  char text[64]{};
  std::snprintf(text, sizeof text, format, value);
  return text;
}

} // namespace

std::string report_words(const std::string& report) {
  auto all = json::parse(report);
  const auto& summary = all.at("summary");
  auto figure = [&](const char* name, const char* format) {
    return shown(format, summary.at(name).get<double>());
  };
  auto text = "=== Fault Tolerance Report ===\n"
              "Fault Tolerance Score: "
              + figure("fault_tolerance_score", "%.1f/100\n")
              + "Availability (24h): "
              + figure("availability_24h", "%.3f%%\n")
              // Without two outages there is no time between them: null.
              + "MTBF: "
              + (summary.at("mtbf_hours").is_null()
                   ? "inf hours\n"
                   : figure("mtbf_hours", "%.1f hours\n"))
              + "MTTR: " + figure("mttr_minutes", "%.1f minutes\n")
              + "\nFailure Patterns:\n";
  for (const auto* name :
       {"by_severity", "by_type", "by_time_of_day", "cascade_failures"})
    text += std::string{"  "} + name + ": "
            + all.at("failure_patterns").at(name).dump() + "\n";
  text += "\nRecommendations:\n";
  for (const auto& each : all.at("recommendations"))
    text += "  - " + each.get<std::string>() + "\n";
  return text;
}
