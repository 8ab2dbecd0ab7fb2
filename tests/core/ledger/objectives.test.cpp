// Budgets, burn rates and alerts, by hand.
#include "core/ledger/history.hpp"

#include <bulwark/ledger/alerts.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace bulwark;
using namespace std::chrono_literals;
using kind = event_kind;

namespace {

constexpr auto orders = "/root/orders";

// A service that is old, and down for so long before 100:00.
history with_outage(duration length, duration end = 100h) {
  history all;
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(end - length, "alpha", kind::service_down, orders);
  all.tell(end, "alpha", kind::service_up, orders);
  return all;
}

budget_report budget_of(const history& all, duration now) {
  auto report = all.book().report(history::at(now));
  REQUIRE(report.budgets.size() == 1);
  return report.budgets.front();
}

std::vector<std::string> ids(const std::vector<alert_change>& changes) {
  std::vector<std::string> result;
  for (const auto& each : changes)
    result.push_back((each.raised ? "+" : "-") + each.what.id);
  return result;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a burn rate is how often the budget fits into the outage",
          "[objectives]") {
  CHECK(burn_rate_of(3600ms, 1h, 0.999) == Approx(1));
  CHECK(burn_rate_of(51840ms, 1h, 0.999) == Approx(14.4));
  CHECK(burn_rate_of(0s, 1h, 0.999) == 0);
  CHECK(burn_rate_of(1h, 1h, 0.99) == Approx(100));
}

TEST_CASE("exactly as much as the limit is not above it", "[objectives]") {
  CHECK_FALSE(burns_above(51840ms, 1h, 0.999, 14.4));
  CHECK(burns_above(51840ms + 1us, 1h, 0.999, 14.4));
  CHECK_FALSE(burns_above(4320ms, 5min, 0.999, 14.4));
  CHECK(burns_above(4320ms + 1us, 5min, 0.999, 14.4));
}

TEST_CASE("the first rule fires above 51.84 s in an hour, when five minutes "
          "have more than 4.32 s",
          "[objectives]") {
  CHECK_FALSE(budget_of(with_outage(51840ms), 100h).burns[0].firing);
  CHECK(budget_of(with_outage(51841ms), 100h).burns[0].firing);
  // Five minutes without 4.32 s in them.
  CHECK(budget_of(with_outage(60s), 100h + 5min - 4321ms).burns[0].firing);
  CHECK_FALSE(
    budget_of(with_outage(60s), 100h + 5min - 4320ms).burns[0].firing);
  // An hour later nothing of it is in the window.
  CHECK(budget_of(with_outage(60s), 101h).burns[0].long_rate == 0);
}

TEST_CASE("the second rule wants 129.6 s in six hours, the third 259.2 s in "
          "three days",
          "[objectives]") {
  CHECK_FALSE(budget_of(with_outage(129600ms), 100h).burns[1].firing);
  CHECK(budget_of(with_outage(129601ms), 100h).burns[1].firing);
  CHECK_FALSE(budget_of(with_outage(259200ms), 100h).burns[2].firing);
  CHECK(budget_of(with_outage(259201ms), 100h).burns[2].firing);
  // 21.6 s within the last six hours.
  CHECK(budget_of(with_outage(300s), 106h - 21601ms).burns[2].firing);
  CHECK_FALSE(budget_of(with_outage(300s), 106h - 21600ms).burns[2].firing);
}

TEST_CASE("what is left of a budget", "[objectives]") {
  // 0.1 % of 30 days are 43.2 minutes.
  auto budget = budget_of(with_outage(10min + 48s), 200h);
  CHECK(budget.component == "service/orders");
  CHECK(budget.allowed == 43min + 12s);
  CHECK(budget.used == 10min + 48s);
  CHECK(budget.left_share == Approx(0.75));
  CHECK(budget_of(with_outage(86min + 24s), 200h).left_share == Approx(-1));
}

TEST_CASE("an objective names services or paths", "[objectives]") {
  history all;
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(0h, "beta", kind::service_started, orders);
  all.tell(0h, "beta", kind::service_started, "/root/web");
  all.tell(0h, "beta", kind::recovery_reported, "disk");
  auto named = [&](std::vector<objective> goals) {
    report_query query;
    query.objectives = std::move(goals);
    strings result;
    for (const auto& each : all.book().report(history::at(1h), query).budgets)
      result.push_back(each.component + " " + std::to_string(each.goal.target));
    return result;
  };
  CHECK(named({{"*", 0.99}})
        == strings{"beta:disk 0.990000", "service/orders 0.990000",
                   "service/web 0.990000"});
  CHECK(named({{"web", 0.95}, {"*", 0.99}})
        == strings{"beta:disk 0.990000", "service/orders 0.990000",
                   "service/web 0.950000"});
  CHECK(
    named({{"/root/o*", 0.99}})
    == strings{"alpha:/root/orders 0.990000", "beta:/root/orders 0.990000"});
  CHECK(named({{"nobody", 0.99}}) == strings{});
  CHECK(named({{"*", 0.5}}) == strings{});
}

TEST_CASE("an objective at which no alert could fire is refused",
          "[objectives]") {
  CHECK(validate(objective{}) == std::nullopt);
  CHECK(validate(objective{"*", 0.9306}) == std::nullopt);
  CHECK(validate(objective{"*", 0.99999}) == std::nullopt);
  auto complaint = validate(objective{"*", 0.9305});
  REQUIRE(complaint);
  CHECK(complaint->find("objective.target is 0.9305; it must be above 0.9306")
        == 0);
  CHECK(validate(objective{"*", 1.0}));
  CHECK(validate(objective{"*", -1}));
  CHECK(validate(objective{"*", std::nan("")}));
  CHECK(validate(objective{"", 0.99}));
  CHECK(validate(objective{"*", 0.99, 59min}));
  CHECK(validate(objective{"*", 0.99, 721h}));
}

TEST_CASE("patterns match as people expect", "[objectives]") {
  CHECK(matches("orders", "orders"));
  CHECK_FALSE(matches("orders", "orders2"));
  CHECK(matches("*", ""));
  CHECK(matches("a*b*c", "a-b-b-c"));
  CHECK_FALSE(matches("a*b*c", "a-b-b"));
  CHECK(matches("*orders", "/root/orders"));
  CHECK_FALSE(matches("", "x"));
}

TEST_CASE("an alert is raised once and resolved once", "[alerts]") {
  alert_rules rules;
  auto all = with_outage(60s);
  auto look = [&](duration at) {
    return ids(rules.look(all.book().report(history::at(at)), history::at(at)));
  };
  CHECK(look(99h) == strings{});
  CHECK(look(100h) == strings{"+burn_1h/service/orders"});
  CHECK(look(100h + 10s) == strings{});
  REQUIRE(rules.open().size() == 1);
  CHECK(rules.open()[0].critical);
  CHECK(rules.open()[0].since == history::at(100h));
  CHECK(look(100h + 5min) == strings{"-burn_1h/service/orders"});
  CHECK(rules.open().empty());
}

TEST_CASE("a threshold must be passed for as long as it says", "[alerts]") {
  alert_rules rules{{{.name = "low",
                      .figure = "availability_24h",
                      .side = threshold_side::below,
                      .value = 99.9,
                      .lasts_for = 5min,
                      .critical = true}}};
  fault_tolerance_report report;
  auto look = [&](double availability, duration at) {
    report.availability.last_24h = availability;
    return ids(rules.look(report, history::at(at)));
  };
  CHECK(look(99.9, 0min) == strings{});
  CHECK(look(99.8, 1min) == strings{});
  CHECK(look(99.8, 5min) == strings{});
  // It did not hold without a break.
  CHECK(look(99.95, 6min) == strings{});
  CHECK(look(99.8, 7min) == strings{});
  CHECK(look(99.8, 12min - 1us) == strings{});
  REQUIRE(look(99.7, 12min) == strings{"+threshold/low"});
  CHECK(rules.open()[0].since == history::at(7min));
  CHECK(rules.open()[0].words == "availability_24h is 99.7, below 99.9 for 5m");
  // It stays as it was raised.
  CHECK(look(99.5, 12min + 1s) == strings{});
  CHECK(rules.open()[0].figure == 99.7);
  // A clock that goes back resolves nothing and raises nothing twice.
  CHECK(look(99.7, 1min) == strings{});
  CHECK(look(99.9, 13min) == strings{"-threshold/low"});
}

TEST_CASE("a figure of a component can have a threshold", "[alerts]") {
  auto report = with_outage(60s).book().report(history::at(101h));
  CHECK(figure_of(report, "service/orders.failure_count") == 1.0);
  CHECK(figure_of(report, "alpha:/root/orders.mttr_minutes") == 1.0);
  CHECK(figure_of(report, "total_failures") == 1.0);
  CHECK(figure_of(report, "nobody.failure_count") == std::nullopt);
  CHECK(figure_of(report, "service/orders.nothing") == std::nullopt);
  threshold_rule rule{.name = "x",
                      .figure = "nobody.failure_count",
                      .side = threshold_side::above,
                      .value = -1};
  CHECK_FALSE(holds(rule, report));
}

TEST_CASE("threshold rules are refused with field, value and rule",
          "[alerts]") {
  threshold_rule rule{.name = "x", .figure = "mttr_minutes"};
  CHECK(validate(rule) == std::nullopt);
  rule.figure = "service/a.b.mttr_minutes";
  CHECK(validate(rule) == std::nullopt);
  rule.figure = "mttr";
  REQUIRE(validate(rule));
  CHECK(validate(rule)->find("threshold.figure is mttr; it must be one of ")
        == 0);
  rule.figure = ".mttr_minutes";
  CHECK(validate(rule));
  rule = {.name = "", .figure = "mttr_minutes"};
  CHECK(validate(rule));
  rule = {.name = "x", .figure = "mttr_minutes", .value = std::nan("")};
  CHECK(validate(rule));
  rule = {.name = "x", .figure = "mttr_minutes", .lasts_for = -1s};
  CHECK(validate(rule));
}
