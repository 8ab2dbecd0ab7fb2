// Numbers worked by hand.
#include "core/ledger/history.hpp"

#include <bulwark/ledger/detail/figures.hpp>
#include <bulwark/ledger/report_json.hpp>
#include <bulwark/ledger/report_text.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto orders = "/root/orders";

// Down from 10:00 to 10:06 and from 14:00 to 14:12.
history two_outages() {
  history all;
  all.tell(0h, "alpha", event_kind::service_started, orders);
  all.tell(10h, "alpha", event_kind::service_down, orders);
  all.tell(10h + 6min, "alpha", event_kind::service_up, orders).downtime = 5min;
  all.tell(14h, "alpha", event_kind::service_down, orders);
  all.tell(14h + 12min, "alpha", event_kind::service_up, orders).downtime =
    13min;
  return all;
}

} // namespace

TEST_CASE("two outages of a service", "[ledger]") {
  auto report = two_outages().book().report(history::at(24h));
  CHECK(report.total_failures == 2);
  CHECK(report.total_recoveries == 2);
  CHECK(report.known_components == 1);
  CHECK(report.mtbf_hours == 4.0);
  // As measured by the supervisor: 5 and 13 minutes.
  CHECK(report.mttr_minutes == 9.0);
  // 18 of 1440 minutes.
  CHECK(report.availability.last_24h == 98.75);
  CHECK(report.availability.last_1h == 100.0);
  CHECK(report.all_up.last_24h == 98.75);
  // 0.4 x 98.75 + (30 - 0.9) + 0.4 + 0
  CHECK(report.fault_tolerance_score == Approx(69.0));
  const auto& one = component_of(report, "alpha:/root/orders");
  CHECK(one.kind == component_kind::service);
  CHECK(one.condition == component_condition::recovered);
  CHECK(one.last_failure == history::at(14h));
  const auto& cluster = component_of(report, "service/orders");
  CHECK(cluster.outages == 2);
  CHECK(cluster.availability.last_24h == 98.75);
  // By ledger time: 6 and 12 minutes.
  CHECK(cluster.mttr_minutes == 9.0);
}

TEST_CASE("what came before counts with its part inside the window",
          "[ledger]") {
  auto book = two_outages().book();
  CHECK(book.availability(1h, history::at(10h + 3min)) == 95.0);
  CHECK(book.availability(1h, history::at(10h + 9min)) == 90.0);
  CHECK(book.availability(3min, history::at(10h + 6min)) == 0.0);
  CHECK(book.availability(4min, history::at(14h + 13min)) == 25.0);
}

TEST_CASE("an outage that is open lasts until now", "[ledger]") {
  auto report = two_outages().book().report(history::at(10h + 3min));
  const auto& one = component_of(report, "alpha:/root/orders");
  CHECK(one.condition == component_condition::failed);
  CHECK(one.down_since == history::at(10h));
  CHECK(one.failures == 1);
  CHECK(report.total_recoveries == 0);
  CHECK(std::isinf(report.mtbf_hours));
  CHECK(report.mttr_minutes == 0.0);
}

TEST_CASE("a ledger of nothing has the best figures", "[ledger]") {
  auto report = ledger{}.report(history::at(0h));
  CHECK(report.fault_tolerance_score == 100.0);
  CHECK(report.availability.last_24h == 100.0);
  CHECK(report.recommendations.empty());
  CHECK(report.components.empty());
}

TEST_CASE("the report is readable as text and as JSON", "[ledger]") {
  auto report = two_outages().book().report(history::at(24h));
  auto text = to_text(report);
  INFO(text);
  CHECK(text.find("alpha:/root/orders") != std::string::npos);
  auto json = to_json(report);
  INFO(json);
  CHECK(json.find(R"("summary":{"total_failures":2,"total_recoveries":2,)"
                  R"("mtbf_hours":4,"mtbf_infinite":false,"mttr_minutes":9,)"
                  R"("availability_1h":100,"availability_24h":98.75,)")
        != std::string::npos);
  CHECK(json.find(R"("last_failure":1735740000.000000)") != std::string::npos);
}

TEST_CASE("the text tells lengths in units that show them", "[ledger]") {
  auto summary = [](double hours, double minutes) {
    fault_tolerance_report report;
    report.mtbf_hours = hours;
    report.mttr_minutes = minutes;
    auto text = to_text(report);
    auto from = text.find("  time between failures");
    return text.substr(from, text.find("  components") - from);
  };
  CHECK(summary(4, 9)
        == "  time between failures   4.00 h\n"
           "  time to recovery        9.00 min\n");
  CHECK(summary(0.5, 0.002)
        == "  time between failures   30.00 min\n"
           "  time to recovery        120ms\n");
  CHECK(summary(0.002, 90)
        == "  time between failures   7.2s\n"
           "  time to recovery        1.50 h\n");
}

TEST_CASE("the score is the sum of its four parts", "[ledger]") {
  auto infinite = std::numeric_limits<double>::infinity();
  CHECK(score_of({100, 0, infinite, 0, 0}) == 100.0);
  CHECK(score_of({100, 0, infinite, 1, 4}) == 97.5);
  CHECK(score_of({100, 15, infinite, 0, 4}) == 98.5);
  CHECK(score_of({100, 500, infinite, 0, 4}) == 70.0);
  CHECK(score_of({100, 0, 50, 0, 4}) == 85.0);
  CHECK(score_of({100, 0, 5000, 0, 4}) == 100.0);
  CHECK(score_of({0, 1000, 0, 4, 4}) == 0.0);
}
