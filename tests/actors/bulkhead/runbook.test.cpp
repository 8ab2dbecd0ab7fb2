// What docs/runbook.md tells an operator to do, step by step, with real gates
// and replicas in virtual time.

#include "actors/gate/gate_fixture.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::keep_atom;

namespace {

/// Two compartments with a service each.
class town {
public:
  town()
    : manager(fixture.rig.system(), {.now = [] { return wall_time{}; }}),
      orders(serve("orders", "standard", 4)),
      reports(serve("reports", "background", 2)),
      operator_(fixture.rig) {}

  ~town() {
    manager.stop();
    fixture.rig.run();
  }

  /// Asks the manager as an operator would; false: an error came back.
  template <class T>
  bool order(const std::string& bulkhead, T what) {
    bool done = false;
    operator_.does([&](caf::event_based_actor* self) {
      self
        ->request(manager.handle(), caf::infinite, at_bulkhead{bulkhead},
                  std::move(what))
        .then([&] { done = true; }, [](caf::error&) {});
    });
    return done;
  }

  test::gate_fixture fixture;
  bulkhead_manager manager;
  const test::service& orders;
  const test::service& reports;

private:
  const test::service& serve(const std::string& name,
                             const std::string& compartment,
                             uint64_t capacity) {
    bulkhead_options options;
    options.capacity = capacity;
    REQUIRE_FALSE(manager.add(fixture.bulkhead(compartment, options)));
    REQUIRE_FALSE(manager.assign(name, compartment));
    test::service_plan plan;
    plan.bulkhead = manager.find(compartment);
    return fixture.work(name, plan);
  }

  client operator_;
};

call_options critical() {
  call_options result;
  result.priority = call_priority::critical;
  return result;
}

} // namespace

TEST_CASE("look: health names the compartment that is full", "[runbook]") {
  town it;
  it.fixture.ask(it.reports.handle(), keep_atom::value, 1);
  it.fixture.ask(it.reports.handle(), keep_atom::value, 2);
  CHECK(it.fixture.ask(it.reports.handle(), 3)->code() == errc::bulkhead_full);
  auto health = it.manager.health();
  CHECK(health.overall_health_score == 50.0);
  CHECK(health.alerts == std::map<std::string, double>{{"background", 100.0}});
  CHECK(health.service_assignments.at("reports").count("background") == 1);
  CHECK(health.bulkhead_details.at("background").usage.refusals == 1);
  CHECK(it.fixture.ask(it.orders.handle(), 4)->value == 4);
}

TEST_CASE("isolate: the door closes to all but critical work", "[runbook]") {
  town it;
  auto running = it.fixture.ask(it.reports.handle(), keep_atom::value, 1);
  REQUIRE(it.order("background",
                   isolate_bulkhead{isolation::normal, "reports are slow"}));
  CHECK(it.fixture.ask(it.reports.handle(), 2)->code()
        == errc::bulkhead_isolated);
  CHECK(it.fixture.ask(it.reports.handle(), critical(), 3)->value == 3);
  CHECK(it.fixture.ask(it.orders.handle(), 4)->value == 4);
  // What runs goes on.
  it.fixture.deliver("reports", 0, 10);
  CHECK(running->value == 10);
  CHECK(it.manager.stats("background")->isolation == isolation::normal);
  REQUIRE(it.fixture.all(event_kind::bulkhead_isolated).size() == 1);
  CHECK(it.fixture.all(event_kind::bulkhead_isolated)[0].reason
        == "reports are slow");
}

TEST_CASE("reopen: everything is let in again", "[runbook]") {
  town it;
  REQUIRE(it.order("background", isolate_bulkhead{isolation::all, "test"}));
  CHECK(it.fixture.ask(it.reports.handle(), critical(), 1)->code()
        == errc::bulkhead_isolated);
  REQUIRE(it.order("background", isolate_bulkhead{isolation::none, "over"}));
  CHECK(it.fixture.ask(it.reports.handle(), 2)->value == 2);
  CHECK(it.fixture.all(event_kind::bulkhead_reopened).size() == 1);
}

TEST_CASE("drain: the last permit that comes back is told of", "[runbook]") {
  town it;
  it.fixture.ask(it.reports.handle(), keep_atom::value, 1);
  it.fixture.ask(it.reports.handle(), keep_atom::value, 2);
  REQUIRE(it.order("background", drain_bulkhead{"new disks"}));
  CHECK(it.fixture.ask(it.reports.handle(), 3)->code()
        == errc::bulkhead_isolated);
  it.fixture.deliver("reports", 0, 1);
  CHECK(it.fixture.all(event_kind::bulkhead_drained).empty());
  it.fixture.deliver("reports", 1, 2);
  REQUIRE(it.fixture.all(event_kind::bulkhead_drained).size() == 1);
  CHECK(it.fixture.all(event_kind::bulkhead_drained)[0].component
        == "bulkhead/background");
  REQUIRE(it.order("background", isolate_bulkhead{isolation::none, "done"}));
  CHECK(it.fixture.ask(it.reports.handle(), 4)->value == 4);
}

TEST_CASE("resize: a compartment gets more room while it works", "[runbook]") {
  town it;
  it.fixture.ask(it.reports.handle(), keep_atom::value, 1);
  it.fixture.ask(it.reports.handle(), keep_atom::value, 2);
  CHECK(it.fixture.ask(it.reports.handle(), 3)->code() == errc::bulkhead_full);
  REQUIRE(it.order("background", resize_bulkhead{4, 0}));
  CHECK(it.fixture.ask(it.reports.handle(), 4)->value == 4);
  CHECK(it.manager.stats("background")->max_capacity == 4);
  CHECK_FALSE(it.order("background", resize_bulkhead{0, 0}));
  CHECK(it.manager.stats("background")->max_capacity == 4);
}

TEST_CASE("fail over: another node serves while the replicas here are stopped",
          "[runbook]") {
  town it;
  auto& there = it.fixture.work("reports_on_beta");
  it.reports.gate.peer_up(
    "beta", caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  it.fixture.rig.run();
  CHECK(it.fixture.ask(it.reports.handle(), 1)->value == 1);
  client boss{it.fixture.rig};
  CHECK(boss.tells(it.reports.supervisor, terminate_child{"reports#1"})->value);
  auto slow = it.fixture.ask(it.reports.handle(), keep_atom::value, 2);
  CHECK(it.fixture.room("reports").handled == std::vector{1});
  CHECK(it.fixture.room("reports_on_beta").handled == std::vector{2});
  // Work on the other node holds none of the permits here.
  CHECK(it.manager.stats("background")->current_usage == 0);
  it.fixture.deliver("reports_on_beta", 0, 20);
  CHECK(slow->value == 20);
}

TEST_CASE("restore: an operator starts what failed for good", "[runbook]") {
  town it;
  client boss{it.fixture.rig};
  for (int i = 0; i < 6; ++i) {
    it.fixture.ask(it.reports.handle(), test::boom_atom::value);
    it.fixture.rig.advance(4s);
  }
  CHECK(it.fixture.ask(it.reports.handle(), 1)->code() == errc::service_failed);
  CHECK(it.fixture.all(event_kind::child_gave_up).size() == 1);
  auto back =
    boss.asks<child_info>(it.reports.supervisor, restart_child{"reports#1"});
  REQUIRE(back->value);
  CHECK(back->value->state == child_state::up);
  CHECK(it.fixture.ask(it.reports.handle(), 2)->value == 2);
  // The same after a termination.
  boss.tells(it.reports.supervisor, terminate_child{"reports#1"});
  CHECK(it.fixture.ask(it.reports.handle(), 3)->code() == errc::stopped);
  boss.asks<child_info>(it.reports.supervisor, restart_child{"reports#1"});
  CHECK(it.fixture.ask(it.reports.handle(), 4)->value == 4);
  auto told = it.fixture.all(event_kind::child_restarted).back();
  CHECK(std::find(
          told.metadata.begin(), told.metadata.end(),
          std::pair<std::string, std::string>{"method", "manual_intervention"})
        != told.metadata.end());
}
