#include "core/ledger/history.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;

wall_time history::at(duration after) {
  return start + std::chrono::duration_cast<std::chrono::microseconds>(after);
}

event& history::tell(duration after, const std::string& node, event_kind kind,
                     const std::string& component) {
  auto& from = origins_[node];
  event what;
  what.kind = kind;
  what.component = component;
  if (classify(kind) == event_class::failure) {
    what.failure = failure_type::exception;
    what.level = severity::medium;
  }
  what.node = node;
  what.boot = from.boot;
  what.sequence = ++from.sequence;
  what.booted = at(from.booted);
  what.uptime = after - from.booted;
  // A clock that people have set wrongly must not matter.
  what.at = start - std::chrono::hours{1000};
  return events_.emplace_back(std::move(what));
}

void history::boot(duration after, const std::string& node) {
  auto& from = origins_[node];
  from = {from.boot + 1, 0, after};
}

ledger history::book() const {
  ledger result;
  for (const auto& each : events_)
    result.add(each);
  return result;
}

const component_report& component_of(const fault_tolerance_report& report,
                                     const std::string& id) {
  auto it = std::find_if(report.components.begin(), report.components.end(),
                         [&](const auto& x) { return x.id == id; });
  INFO("component " << id);
  REQUIRE(it != report.components.end());
  return *it;
}
