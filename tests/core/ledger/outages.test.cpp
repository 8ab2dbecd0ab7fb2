// When something is down, and whose failure that is.
#include "core/ledger/history.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace bulwark;
using namespace std::chrono_literals;
using kind = event_kind;

namespace {

constexpr auto orders = "/root/orders";
constexpr auto replica = "/root/orders/orders#1";

fault_tolerance_report after(const history& all, duration now) {
  return all.book().report(history::at(now));
}

} // namespace

// -- what was wrong in the document that the project grew from ---------------

TEST_CASE("outages at once are not added up", "[ledger]") {
  history all;
  // Each down for the whole day: its sum of downtimes would be 400 %.
  for (const auto* name : {"db", "cache", "web", "queue"})
    all.tell(0h, "alpha", kind::failure_reported, name);
  auto report = after(all, 24h);
  CHECK(report.availability.last_24h == 0.0);
  CHECK(report.all_up.last_24h == 0.0);
}

TEST_CASE("further failures of an outage count and open nothing", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::recovery_reported, "db");
  all.tell(6h, "alpha", kind::failure_reported, "db");
  all.tell(7h, "alpha", kind::failure_reported, "db");
  all.tell(8h, "alpha", kind::failure_reported, "db");
  all.tell(12h, "alpha", kind::recovery_reported, "db");
  auto report = after(all, 24h);
  const auto& db = component_of(report, "alpha:db");
  CHECK(db.failures == 3);
  CHECK(db.outages == 1);
  CHECK(std::isinf(db.mtbf_hours));
  CHECK(db.availability.last_24h == 75.0);
  CHECK(db.last_failure == history::at(8h));
}

TEST_CASE("an outage that began before the window counts", "[ledger]") {
  history all;
  all.tell(1h, "alpha", kind::failure_reported, "db");
  all.tell(30h, "alpha", kind::recovery_reported, "db");
  // From 24 h to 48 h: down for 6 of 24 hours.
  CHECK(after(all, 48h).availability.last_24h == 75.0);
  CHECK(after(all, 28h).availability.last_1h == 0.0);
}

TEST_CASE("the mean time between failures does not mix components",
          "[ledger]") {
  history all;
  for (int i = 0; i < 2; ++i) {
    all.tell(i * 10h, "alpha", kind::failure_reported, "db");
    all.tell(i * 10h + 1min, "alpha", kind::recovery_reported, "db");
    all.tell(i * 10h + 2min, "alpha", kind::failure_reported, "web");
    all.tell(i * 10h + 3min, "alpha", kind::recovery_reported, "web");
  }
  auto report = after(all, 24h);
  CHECK(component_of(report, "alpha:db").mtbf_hours == 10.0);
  CHECK(component_of(report, "alpha:web").mtbf_hours == 10.0);
  // Any two outages anywhere, on purpose: 0, 2, 600 and 602 minutes.
  CHECK(report.mtbf_hours == Approx(602.0 / 60 / 3));
}

TEST_CASE("failures of components that have nothing to do with each other are "
          "no cascade",
          "[ledger]") {
  history all;
  all.tell(1h, "alpha", kind::failure_reported, "db");
  all.tell(1h + 1min, "beta", kind::failure_reported, "web");
  auto report = after(all, 2h);
  CHECK(report.patterns.cascade_failures == 1);
  CHECK(report.patterns.cascades == 0);
  CHECK(report.patterns.trees.empty());
  for (const auto& each : report.recommendations)
    CHECK(each.rule != recommendation_rule::cascades);
}

TEST_CASE("failures are counted by the hour of the day", "[ledger]") {
  history all;
  all.tell(3h, "alpha", kind::failure_reported, "db");
  all.tell(3h + 59min, "alpha", kind::failure_reported, "db");
  all.tell(27h, "alpha", kind::failure_reported, "db");
  all.tell(47h + 59min, "alpha", kind::failure_reported, "db");
  auto by_hour = after(all, 48h).patterns.by_hour;
  CHECK(by_hour[3] == 3);
  CHECK(by_hour[23] == 1);
  CHECK(by_hour[0] == 0);
}

TEST_CASE("the recovery time is measured where nobody told it", "[ledger]") {
  history all;
  all.tell(1h, "alpha", kind::failure_reported, "db");
  all.tell(1h + 6min, "alpha", kind::recovery_reported, "db");
  // Counts, closes nothing, and took no time that anybody knows.
  all.tell(2h, "alpha", kind::recovery_reported, "db");
  auto report = after(all, 3h);
  CHECK(report.total_recoveries == 2);
  CHECK(report.mttr_minutes == 6.0);
}

TEST_CASE("a recovery that was made up is no part of the mean", "[ledger]") {
  history all;
  all.tell(1h, "alpha", kind::failure_reported, "db");
  all.tell(2h, "alpha", kind::recovery_reported, "db")
    .with("estimated", "true")
    .downtime = 1h;
  all.tell(3h, "alpha", kind::failure_reported, "db");
  all.tell(3h + 2min, "alpha", kind::recovery_reported, "db");
  auto report = after(all, 4h);
  CHECK(report.total_recoveries == 2);
  CHECK(report.total_estimated == 1);
  CHECK(report.mttr_minutes == 2.0);
  CHECK(component_of(report, "alpha:db").condition
        == component_condition::recovered);
}

// -- children ----------------------------------------------------------------

TEST_CASE("replicas have figures, but the system's are without them",
          "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::child_started, replica);
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(12h, "alpha", kind::child_failed, replica);
  all.tell(18h, "alpha", kind::child_restarted, replica);
  auto report = after(all, 24h);
  CHECK(
    component_of(report, "alpha:/root/orders/orders#1").availability.last_24h
    == 75.0);
  CHECK(report.total_failures == 0);
  CHECK(report.availability.last_24h == 100.0);
  CHECK(report.known_components == 1);
  CHECK(report.patterns.by_severity[2] == 1);
}

TEST_CASE("a child that gave up is down until it starts", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::child_started, replica);
  all.tell(6h, "alpha", kind::child_gave_up, replica);
  auto id = std::string{"alpha:"} + replica;
  auto report = after(all, 12h);
  CHECK(component_of(report, id).condition == component_condition::failed);
  CHECK(component_of(report, id).failures == 0);
  CHECK(component_of(report, id).outages == 1);
  CHECK(component_of(report, id).availability.last_24h == 50.0);
  all.tell(12h, "alpha", kind::child_started, replica);
  report = after(all, 24h);
  CHECK(component_of(report, id).availability.last_24h == 75.0);
  CHECK(component_of(report, id).recoveries == 0);
}

TEST_CASE("a child that was stopped is absent", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::child_started, replica);
  all.tell(1h, "alpha", kind::child_failed, replica);
  all.tell(2h, "alpha", kind::child_stopped, replica);
  auto id = std::string{"alpha:"} + replica;
  auto report = after(all, 24h);
  CHECK(component_of(report, id).condition == component_condition::stopped);
  // Up for one and down for one of the two hours that count.
  CHECK(component_of(report, id).availability.last_24h == 50.0);
}

TEST_CASE("the start of its supervisor is not the end of a service's outage",
          "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(6h, "alpha", kind::service_down, orders);
  all.tell(7h, "alpha", kind::child_started, orders);
  all.tell(12h, "alpha", kind::service_up, orders);
  CHECK(after(all, 24h).availability.last_24h == 75.0);
}

// -- nodes -------------------------------------------------------------------

TEST_CASE("what two observers and the node itself tell of a death is one "
          "failure",
          "[ledger]") {
  history all;
  for (const auto* node : {"alpha", "beta", "gamma"})
    all.tell(0h, node, kind::node_started, std::string{"node/"} + node);
  all.tell(10h + 2s, "alpha", kind::node_lost, "node/gamma");
  all.tell(10h + 3s, "beta", kind::node_lost, "node/gamma");
  all.boot(10h + 5min, "gamma");
  all.tell(10h + 6min, "gamma", kind::node_crashed, "node/gamma").downtime =
    6min;
  all.tell(10h + 7min, "beta", kind::node_joined, "node/gamma");
  all.tell(10h + 10min, "alpha", kind::node_joined, "node/gamma");
  auto report = after(all, 24h);
  const auto& gamma = component_of(report, "node/gamma");
  CHECK(gamma.failures == 1);
  CHECK(gamma.recoveries == 1);
  CHECK(gamma.outages == 1);
  // From 10:00 to 10:10.
  CHECK(gamma.mttr_minutes == 10.0);
  CHECK(gamma.last_failure == history::at(10h));
  CHECK(gamma.availability.last_24h == 100.0 * 1430 / 1440);
  CHECK(report.total_failures == 1);
}

TEST_CASE("a crash of which nobody knows the length is one that is over",
          "[ledger]") {
  history all;
  all.tell(1h, "gamma", kind::node_crashed, "node/gamma");
  auto report = after(all, 2h);
  const auto& gamma = component_of(report, "node/gamma");
  CHECK(gamma.failures == 1);
  CHECK(gamma.recoveries == 1);
  CHECK(gamma.condition == component_condition::recovered);
  CHECK(gamma.availability.last_24h == 100.0);
}

TEST_CASE("what lives on a lost node is unreachable", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::node_started, "node/alpha");
  all.tell(0h, "beta", kind::node_started, "node/beta");
  all.tell(0h, "beta", kind::service_started, orders);
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(12h, "alpha", kind::node_lost, "node/beta");
  auto report = after(all, 24h);
  const auto& far = component_of(report, "beta:/root/orders");
  CHECK(far.condition == component_condition::unreachable);
  CHECK(far.failures == 0);
  CHECK(far.down_since == history::at(12h));
  CHECK(far.availability.last_24h == 50.0);
  // It is up on alpha.
  CHECK(component_of(report, "service/orders").availability.last_24h == 100.0);
  all.tell(18h, "alpha", kind::service_down, orders);
  all.tell(21h, "alpha", kind::service_up, orders);
  report = after(all, 24h);
  CHECK(component_of(report, "service/orders").availability.last_24h == 87.5);
  CHECK(component_of(report, "service/orders").failures == 1);
}

TEST_CASE("a node that has stopped is neither up nor down", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::node_started, "node/alpha");
  all.tell(0h, "beta", kind::node_started, "node/beta");
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(3h, "alpha", kind::service_down, orders);
  all.tell(6h, "alpha", kind::node_stopped, "node/alpha");
  // Who stops is not lost, whatever it looks like from elsewhere.
  all.tell(6h + 1s, "beta", kind::node_lost, "node/alpha");
  auto report = after(all, 24h);
  CHECK(component_of(report, "node/alpha").condition
        == component_condition::stopped);
  CHECK(component_of(report, "node/alpha").failures == 0);
  CHECK(component_of(report, "alpha:/root/orders").availability.last_24h
        == 50.0);
  CHECK(component_of(report, "service/orders").condition
        == component_condition::stopped);
  CHECK(component_of(report, "service/orders").availability.last_24h == 50.0);
  all.boot(12h, "alpha");
  all.tell(12h, "alpha", kind::service_started, orders);
  all.tell(12h, "alpha", kind::node_started, "node/alpha");
  report = after(all, 24h);
  // Up for 3 + 12 of 18 hours.
  CHECK(component_of(report, "alpha:/root/orders").availability.last_24h
        == 100.0 * 15 / 18);
  CHECK(component_of(report, "node/alpha").availability.last_24h == 100.0);
}

TEST_CASE("a node that said goodbye is absent, also where only others know",
          "[ledger]") {
  history all;
  all.tell(0h, "beta", kind::node_started, "node/beta");
  all.tell(0h, "alpha", kind::node_joined, "node/beta");
  all.tell(0h, "beta", kind::service_started, orders);
  all.tell(6h, "alpha", kind::node_left, "node/beta");
  auto report = after(all, 24h);
  CHECK(component_of(report, "node/beta").condition
        == component_condition::stopped);
  CHECK(component_of(report, "beta:/root/orders").condition
        == component_condition::stopped);
  // It was the link that had ended, and not the node.
  all.tell(12h, "alpha", kind::node_joined, "node/beta");
  all.tell(18h, "alpha", kind::node_lost, "node/beta");
  report = after(all, 24h);
  // Up for 12 and down for 6 hours.
  CHECK(component_of(report, "beta:/root/orders").availability.last_24h
        == 100.0 * 12 / 18);
}

TEST_CASE("a boot ends what the one before has left open", "[ledger]") {
  history all;
  all.tell(0h, "alpha", kind::service_started, orders);
  all.tell(0h, "alpha", kind::failure_reported, "disk");
  all.tell(6h, "alpha", kind::service_down, orders);
  all.tell(6h, "alpha", kind::node_lost, "node/beta");
  all.boot(12h, "alpha");
  all.tell(12h, "alpha", kind::node_started, "node/alpha");
  auto report = after(all, 24h);
  CHECK(component_of(report, "node/beta").condition
        == component_condition::recovered);
  CHECK(component_of(report, "node/beta").recoveries == 0);
  CHECK(component_of(report, "alpha:disk").availability.last_24h == 50.0);
  // It has told nothing in this boot.
  CHECK(component_of(report, "alpha:/root/orders").condition
        == component_condition::stopped);
  CHECK(report.total_recoveries == 0);
}

// A service of a node that was killed failed once more when the node was back:
// it had started before the others saw its node.
TEST_CASE("what comes back with its node has one outage", "[ledger][nodes]") {
  history all;
  all.tell(0h, "alpha", kind::node_started, "node/alpha");
  all.tell(0h, "beta", kind::service_started, "/root/orders");
  all.tell(0h, "beta", kind::service_started, "/root/gone");
  all.tell(1h, "alpha", kind::node_lost, "node/beta");
  all.boot(1h + 3s, "beta");
  all.tell(1h + 3s, "beta", kind::service_started, "/root/orders");
  all.tell(1h + 3s + 20ms, "alpha", kind::node_joined, "node/beta");
  auto report = after(all, 2h);
  auto orders = component_of(report, "service/orders");
  CHECK(orders.failures == 1);
  CHECK(orders.recoveries == 1);
  CHECK(orders.mttr_minutes == Approx(3.02 / 60));
  CHECK(component_of(report, "beta:/root/orders").failures == 0);
  CHECK(component_of(report, "beta:/root/gone").condition
        == component_condition::stopped);
}
