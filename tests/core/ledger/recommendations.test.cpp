#include "core/ledger/history.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using kind = event_kind;

namespace {

// So many outages of `length` each, an hour apart, the last one long ago.
fault_tolerance_report after(int outages, duration length) {
  history all;
  all.tell(0h, "alpha", kind::recovery_reported, "db").downtime = length;
  for (int i = 1; i <= outages; ++i) {
    all.tell(i * 1h, "alpha", kind::failure_reported, "db");
    all.tell(i * 1h + length, "alpha", kind::recovery_reported, "db");
  }
  return all.book().report(history::at(100h));
}

using rules = std::vector<recommendation_rule>;

rules rules_of(const fault_tolerance_report& report) {
  rules result;
  for (const auto& each : report.recommendations)
    result.push_back(each.rule);
  return result;
}

} // namespace

TEST_CASE("each recommendation begins beyond its limit", "[ledger]") {
  CHECK(rules_of(after(5, 15min)) == rules{});
  CHECK(rules_of(after(6, 15min)) == rules{recommendation_rule::failure_count});
  CHECK(rules_of(after(1, 15min + 1s))
        == rules{recommendation_rule::recovery_time});
  CHECK(rules_of(after(1, 30min)) == rules{recommendation_rule::recovery_time});
  CHECK(rules_of(after(1, 31min))
        == rules{recommendation_rule::recovery_time,
                 recommendation_rule::component_recovery_time});
}

TEST_CASE("a day's availability below 99.9 % asks for redundancy", "[ledger]") {
  auto down = [](duration length) {
    history all;
    all.tell(0h, "alpha", kind::recovery_reported, "db").downtime = 0s;
    all.tell(90h, "alpha", kind::failure_reported, "db");
    all.tell(90h + length, "alpha", kind::recovery_reported, "db");
    return all.book().report(history::at(100h));
  };
  // 0.1 % of a day.
  CHECK(rules_of(down(86400ms)) == rules{});
  auto report = down(86401ms);
  REQUIRE(rules_of(report) == rules{recommendation_rule::availability});
  const auto& told = report.recommendations.front();
  CHECK(told.component.empty());
  CHECK(told.figure == report.availability.last_24h);
  CHECK(told.words.find("`replicas`") != std::string::npos);
}

TEST_CASE("a recommendation names component, figure and option", "[ledger]") {
  auto report = after(6, 1min);
  REQUIRE(rules_of(report) == rules{recommendation_rule::failure_count});
  const auto& told = report.recommendations.front();
  CHECK(told.component == "alpha:db");
  CHECK(told.figure == 6);
  CHECK(told.words.find("Investigate alpha:db - high failure count (6)") == 0);
}
