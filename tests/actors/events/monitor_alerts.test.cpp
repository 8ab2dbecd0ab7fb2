// Which node tells which alert, and when it is over.

#include "actors/events/lone_monitor.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::lone_monitor;

namespace {

using words = std::vector<std::string>;

monitor_options watching() {
  monitor_options result;
  result.objectives = {{"/root/orders", 0.999, 24h}, {"orders", 0.999, 24h}};
  return result;
}

monitor_options with_limit(bool critical = false) {
  monitor_options result;
  result.objectives = {};
  result.alerts = {
    {"flaky", "total_failures", threshold_side::above, 0, 0s, critical}};
  return result;
}

} // namespace

TEST_CASE("a limit is told once, and its end once", "[monitor][alerts]") {
  test::deterministic_system rig;
  monitor_options options;
  options.objectives = {};
  options.alerts = {{"slow", "alpha:disk.availability_1h",
                     threshold_side::below, 99, 0s, true}};
  lone_monitor alpha{rig, "alpha", options};
  rig.advance(1h);
  alpha.emit(event_kind::recovery_reported, "disk");
  rig.advance(1h);
  CHECK(alpha.alerts.empty());
  alpha.emit(event_kind::failure_reported, "disk");
  rig.advance(2min);
  CHECK(alpha.alerts == words{"raised threshold/slow"});
  alpha.emit(event_kind::recovery_reported, "disk");
  rig.advance(2h);
  CHECK(alpha.alerts
        == words{"raised threshold/slow", "resolved threshold/slow"});
  // They are events too.
  REQUIRE(alpha.count(event_kind::alert_raised) == 1);
  REQUIRE(alpha.count(event_kind::alert_resolved) == 1);
  for (const auto& each : alpha.own)
    if (each.kind == event_kind::alert_raised) {
      CHECK(each.level == severity::critical);
      CHECK(find_metadata(each, "id") == "threshold/slow");
    }
}

TEST_CASE("alerts are looked for as often as it is said, and never without "
          "a beat",
          "[monitor][alerts]") {
  test::deterministic_system rig;
  auto options = with_limit();
  options.alert_every = 30s;
  lone_monitor alpha{rig, "alpha", options};
  rig.advance(1s);
  alpha.emit(event_kind::failure_reported, "disk");
  rig.advance(29s);
  CHECK(alpha.alerts.empty());
  rig.advance(2s);
  CHECK(alpha.alerts == words{"raised threshold/flaky"});
  options.beat_every = 0s;
  lone_monitor still{rig, "still", options};
  still.emit(event_kind::failure_reported, "disk");
  rig.advance(1h);
  CHECK(still.alerts.empty());
}

TEST_CASE("a hook that throws does not end the monitor", "[monitor][alerts]") {
  test::deterministic_system rig;
  auto options = with_limit();
  options.node = "alpha";
  options.now = [] { return wall_time{1h}; };
  options.on_alert = [](const alert_change&) { throw 42; };
  size_t told = 0;
  options.sink = [&](const event& what, event_origin) {
    told += what.kind == event_kind::alert_raised;
  };
  auto alpha = spawn_monitor(rig.system(), options);
  event what;
  what.kind = event_kind::failure_reported;
  what.component = "disk";
  alpha.events.emit(what);
  rig.advance(1min);
  CHECK(told == 1);
  stop(alpha.handle);
  rig.run();
}

TEST_CASE("a node tells of its own services, and one of all for the cluster",
          "[monitor][alerts]") {
  test::deterministic_system rig;
  lone_monitor beta{rig, "beta", watching()};
  lone_monitor alpha{rig, "alpha", watching()};
  lone_monitor gamma{rig, "gamma", watching()};
  beta.meets(alpha);
  beta.meets(gamma);
  gamma.meets(alpha);
  beta.emit(event_kind::service_started, "/root/orders");
  rig.advance(1h);
  beta.emit(event_kind::service_down, "/root/orders");
  // Too much for an hour, but not for six.
  rig.advance(80s);
  CHECK(beta.alerts == words{"raised burn_1h/beta:/root/orders"});
  CHECK(alpha.alerts == words{"raised burn_1h/service/orders"});
  CHECK(gamma.alerts.empty());
  SECTION("the next takes over when it goes") {
    beta.forgets("alpha");
    gamma.forgets("alpha");
    rig.advance(10s);
    CHECK(beta.alerts
          == words{"raised burn_1h/beta:/root/orders",
                   "raised burn_1h/service/orders"});
    CHECK(gamma.alerts.empty());
    SECTION("and gives it back without a word") {
      beta.knows(alpha);
      gamma.knows(alpha);
      rig.advance(20s);
      CHECK(beta.alerts.size() == 2);
      CHECK(alpha.alerts.size() == 1);
    }
    SECTION("and tells its end") {
      beta.emit(event_kind::service_up, "/root/orders");
      rig.advance(10min);
      CHECK(std::count(beta.alerts.begin(), beta.alerts.end(),
                       "resolved burn_1h/service/orders")
            == 1);
    }
  }
  SECTION("each tells the end of its own") {
    beta.emit(event_kind::service_up, "/root/orders");
    rig.advance(10min);
    auto ended = [](const lone_monitor& of, const std::string& id) {
      return std::count(of.alerts.begin(), of.alerts.end(), "resolved " + id);
    };
    CHECK(ended(beta, "burn_1h/beta:/root/orders") == 1);
    CHECK(ended(alpha, "burn_1h/service/orders") == 1);
    CHECK(ended(beta, "burn_1h/service/orders") == 0);
    CHECK(ended(gamma, "burn_1h/beta:/root/orders") == 0);
  }
}

TEST_CASE("a limit of the whole is told by the smallest name alone",
          "[monitor][alerts]") {
  test::deterministic_system rig;
  lone_monitor alpha{rig, "alpha", with_limit()};
  lone_monitor beta{rig, "beta", with_limit(true)};
  alpha.meets(beta);
  beta.emit(event_kind::failure_reported, "disk");
  rig.advance(1min);
  CHECK(alpha.alerts == words{"raised threshold/flaky"});
  CHECK(beta.alerts.empty());
}
