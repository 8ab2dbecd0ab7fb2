#include "demo/report.hpp"

#include <bulwark/text/duration_text.hpp>

#include <fmt/core.h>

namespace storefront {

namespace {

bulwark::duration rounded(bulwark::duration exact) {
  return std::chrono::round<std::chrono::milliseconds>(exact);
}

std::string requests(const demo_record& record) {
  auto& counts = record.counts;
  auto text = fmt::format("{:<24}{:>8}\n", "requests sent", counts.sent);
  for (auto [status, times] : counts.by_status)
    text +=
      fmt::format("{:<24}{:>8}\n", fmt::format("  answered {}", status), times);
  text += fmt::format("{:<24}{:>8}\n", "  of these degraded", counts.degraded);
  text += fmt::format("{:<24}{:>8}\n", "cut", counts.cut);
  text += fmt::format("{:<24}{:>8}\n", "lost", lost(record));
  return text
         + fmt::format("{:<24}{:>8}\n", "doubled", record.audit.doubled.size());
}

std::string services(const demo_record& record) {
  auto text = fmt::format("\n{:<24}{:>8}{:>10}{:>12}\n", "service", "crashes",
                          "restarts", "downtime");
  for (auto& each : record.services) {
    auto downtime = bulwark::to_text(rounded(each.log.downtime + each.away));
    text += fmt::format("{:<24}{:>8}{:>10}{:>12}\n", each.service, each.crashes,
                        each.log.restarts, downtime);
  }
  return text;
}

} // namespace

int64_t lost(const demo_record& record) {
  return record.counts.unanswered
         + static_cast<int64_t>(record.audit.lost.size());
}

void judge(demo_record& record) {
  auto& problems = record.problems;
  if (record.counts.unanswered > 0)
    problems.push_back(std::to_string(record.counts.unanswered)
                       + " requests have neither answer nor cut");
  if (record.counts.cut_elsewhere > 0)
    problems.push_back(std::to_string(record.counts.cut_elsewhere)
                       + " connections were cut at a node that lived");
  for (auto& each : record.audit.lost)
    problems.push_back(each + " was answered and is not in the database");
  for (auto& each : record.audit.doubled)
    problems.push_back(each + " is in the database twice");
  for (auto& each : record.services)
    if (each.log.restarts < each.crashes)
      problems.push_back(each.service + " was not restarted after each crash");
  for (auto& each : disagreements(record.outages))
    problems.push_back(each);
}

std::string summary(const demo_record& record) {
  auto text =
    requests(record) + services(record) + outage_table(record.outages);
  for (auto& each : record.problems)
    text += "PROBLEM: " + each + "\n";
  return text;
}

} // namespace storefront
