#include <bulwark/ledger/detail/report_maker.hpp>

#include <array>
#include <cstdio>
#include <utility>

namespace bulwark {

namespace {

std::string shown(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

void about_system(const fault_tolerance_report& report,
                  std::vector<recommendation>& out) {
  auto availability = report.availability.last_24h;
  if (availability < 99.9)
    out.push_back({recommendation_rule::availability,
                   {},
                   availability,
                   "Consider implementing additional redundancy to improve "
                   "availability: it was "
                     + shown(availability)
                     + " % over 24 h; raise `replicas` of the services that "
                       "were down, or offer them on one more node"});
  if (report.mttr_minutes > 15)
    out.push_back({recommendation_rule::recovery_time,
                   {},
                   report.mttr_minutes,
                   "Improve automated recovery mechanisms to reduce MTTR: it "
                   "is "
                     + shown(report.mttr_minutes)
                     + " min; lower `restart.max` and `restart.cool_down`"});
}

// What can be changed for a component that fails often.
std::string against_failures(component_kind kind) {
  switch (kind) {
  case component_kind::node:
    return "its log and its exit code tell why";
  case component_kind::application:
  case component_kind::others:
    return "what reports it knows why";
  default:
    return "`restart.intensity` and `restart.period` say how many restarts it "
           "gets before it is given up";
  }
}

// What can be changed for a component that comes back late.
std::string against_delay(component_kind kind) {
  switch (kind) {
  case component_kind::node:
    return "let what runs the process start it again at once";
  case component_kind::application:
  case component_kind::others:
    return "what reports it decides how it comes back";
  case component_kind::replica:
    return "lower its `restart.max` and `restart.cool_down`";
  default:
    return "lower its `restart.max` and `restart.cool_down`, or raise "
           "`replicas`";
  }
}

void about_component(const component_report& what,
                     std::vector<recommendation>& out) {
  if (what.failures > 5)
    out.push_back({recommendation_rule::failure_count, what.id,
                   static_cast<double>(what.failures),
                   "Investigate " + what.id + " - high failure count ("
                     + std::to_string(what.failures) + "); "
                     + against_failures(what.kind)});
  if (what.mttr_minutes > 30)
    out.push_back(
      {recommendation_rule::component_recovery_time, what.id, what.mttr_minutes,
       "Improve recovery process for " + what.id + " - slow recovery time ("
         + shown(what.mttr_minutes) + " min); " + against_delay(what.kind)});
}

void about_cascades(const failure_patterns& what,
                    std::vector<recommendation>& out) {
  if (what.cascades == 0)
    return;
  out.push_back({recommendation_rule::cascades,
                 {},
                 static_cast<double>(what.cascades),
                 "Implement circuit breakers to prevent cascade failures: "
                   + std::to_string(what.cascades)
                   + " failures followed one of a component they have to do "
                     "with; a breaker for what the trees of cascades begin "
                     "with, and a `bulkhead` of its own for each service in "
                     "them, keep them apart"});
}

} // namespace

std::vector<recommendation> recommend(const fault_tolerance_report& report) {
  std::vector<recommendation> result;
  about_system(report, result);
  for (const auto& each : report.components)
    about_component(each, result);
  about_cascades(report.patterns, result);
  return result;
}

} // namespace bulwark
