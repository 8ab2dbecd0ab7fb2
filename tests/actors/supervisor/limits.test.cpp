#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/weak_timer.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

constexpr auto no_jitter = restart_options{.jitter = 0};

/// Crashes child `id` until it is not started again within a minute of
/// backoff, and returns how often that was.
int crash_until_failed(supervision_fixture& fixture, const caf::actor& top,
                       const std::string& id) {
  for (int crashes = 1; crashes <= 20; ++crashes) {
    fixture.crash(id);
    if (fixture.state(top, id) == child_state::failed)
      return crashes;
    fixture.rig.advance(4s);
  }
  return -1;
}

/// Crashes child `id` again and again, at once after each start.
void flap(supervision_fixture& fixture, const std::string& id, int times) {
  for (int i = 0; i < times; ++i) {
    fixture.crash(id, "flap " + std::to_string(i + 1));
    fixture.rig.advance(10ms);
  }
}

restart_options eager() {
  auto result = no_jitter;
  result.initial = 10ms;
  result.max = 10ms;
  result.intensity = 100;
  return result;
}

} // namespace

TEST_CASE("a child beyond its limit fails while its sibling runs on",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings =
    fixture.settings({fixture.puppet("a", no_jitter), fixture.puppet("b")});
  settings.min_healthy = 2;
  auto top = fixture.spawn(std::move(settings));
  CHECK(crash_until_failed(fixture, top, "a") == 6);
  CHECK(fixture.info(top, "b")
        == child_info{"b", child_kind::worker, child_state::up, 1, 0});
  auto gave_up = fixture.all(event_kind::child_gave_up);
  REQUIRE(gave_up.size() == 1);
  CHECK(gave_up[0].level == severity::critical);
  CHECK(gave_up[0].component == "/root/s/a");
  CHECK(gave_up[0].reason == "std::runtime_error: boom");
  CHECK(test::metadata_of(gave_up[0], "restarts") == "5");
  CHECK(test::metadata_of(gave_up[0], "within") == "1m");
  CHECK(test::metadata_of(gave_up[0], "cool_down") == "1m");
  auto last = fixture.all(event_kind::child_failed).back();
  CHECK(test::metadata_of(last, "cool_down") == "1m");
  CHECK(last.level == severity::high);
}

TEST_CASE("a failed child cools down, longer each time, and recovers",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(
    fixture.settings({fixture.puppet("a", no_jitter), fixture.puppet("b")}));
  CHECK(crash_until_failed(fixture, top, "a") == 6);
  fixture.rig.advance(60s - 1ns);
  CHECK(fixture.state(top, "a") == child_state::failed);
  fixture.rig.advance(1ns);
  CHECK(fixture.state(top, "a") == child_state::up);
  CHECK(fixture.all(event_kind::child_restarted).back().downtime == 60s);
  CHECK(crash_until_failed(fixture, top, "a") == 6);
  fixture.rig.advance(119s);
  CHECK(fixture.state(top, "a") == child_state::failed);
  fixture.rig.advance(1s);
  CHECK(fixture.state(top, "a") == child_state::up);
  // Health makes the next cool-down short again.
  fixture.rig.advance(30s);
  CHECK(crash_until_failed(fixture, top, "a") == 6);
  CHECK(test::metadata_of(fixture.all(event_kind::child_gave_up).back(),
                          "cool_down")
        == "1m");
  CHECK(fixture.info(top, "b").incarnation == 1);
}

TEST_CASE("a child that cannot start fails, too, and is tried again",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("a").start_throws = true;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a", no_jitter)}));
  fixture.rig.advance(10s);
  CHECK(fixture.state(top, "a") == child_state::failed);
  CHECK(fixture.info(top, "a").incarnation == 6);
  fixture.plan("a").start_throws = false;
  fixture.rig.advance(60s);
  CHECK(fixture.state(top, "a") == child_state::up);
  // Down since the first start, which was 3.1 s of backoff before it failed.
  CHECK(fixture.all(event_kind::child_restarted).at(0).downtime == 63100ms);
}

TEST_CASE("a supervisor beyond its limit stops all in reverse and fails",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings = fixture.settings(
    {fixture.puppet("a"), fixture.puppet("b", eager()), fixture.puppet("c")});
  settings.limits.intensity = 3;
  settings.min_healthy = 1;
  auto top = fixture.spawn(std::move(settings));
  flap(fixture, "b", 3);
  CHECK(fixture.state(top, "b") == child_state::up);
  fixture.steps.clear();
  fixture.crash("b", "flap 4");
  CHECK(
    fixture.steps
    == std::vector<std::string>{"end b", "stop c", "end c", "stop a", "end a"});
  caf::error reason;
  REQUIRE(fixture.ended(top, &reason));
  CHECK(code_of(reason, errc::stopped) == errc::service_failed);
  CHECK(describe(reason)
        == "/root/s: /root/s/b was one restart too many: more than 3 within "
           "1m; last failures: b: std::runtime_error: flap 2; b: "
           "std::runtime_error: flap 3; b: std::runtime_error: flap 4");
  auto failed = fixture.all(event_kind::supervisor_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].level == severity::critical);
  CHECK(failed[0].component == "/root/s");
  CHECK(fixture.all(event_kind::service_down).size() == 1);
}

TEST_CASE("a supervisor may fail while it starts its children",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").start_throws = true;
  auto settings = fixture.settings(
    {fixture.puppet("a"), fixture.puppet("b"), fixture.puppet("c")});
  settings.limits.intensity = 0;
  SECTION("alone") {
    auto top = fixture.spawn(settings);
    CHECK(fixture.ended(top));
    CHECK(fixture.steps
          == std::vector<std::string>{"start a", "start b", "stop a", "end a"});
  }
  SECTION("under a parent, which tries again") {
    settings.path = "/root/s/inner";
    auto top = fixture.spawn(fixture.settings({supervisor_child(settings)}));
    CHECK(fixture.state(top, "inner") == child_state::failed);
    fixture.plan("b").start_throws = false;
    fixture.rig.advance(60s);
    CHECK(fixture.state(top, "inner") == child_state::up);
    CHECK(fixture.history("/root/s/inner/b")
          == "child_failed child_stopped child_restarted");
  }
}

TEST_CASE("restarts outside the window do not count", "[supervisor]") {
  supervision_fixture fixture;
  auto settings = fixture.settings({fixture.puppet("a", eager())});
  settings.limits = {2, 10s};
  auto top = fixture.spawn(std::move(settings));
  for (int i = 0; i < 10; ++i) {
    flap(fixture, "a", 1);
    fixture.rig.advance(6s);
  }
  CHECK(fixture.state(top, "a") == child_state::up);
}

TEST_CASE("a failed supervisor cools down under its parent and comes back",
          "[supervisor]") {
  supervision_fixture fixture;
  auto inner = fixture.settings(
    {fixture.puppet("a", eager()), fixture.puppet("b", eager())});
  inner.path = "/root/s/orders";
  inner.limits.intensity = 2;
  inner.min_healthy = 1;
  auto outer = fixture.settings({supervisor_child(inner), fixture.puppet("x")});
  outer.limits.intensity = 0;
  auto top = fixture.spawn(std::move(outer));
  CHECK(fixture.state(top, "orders") == child_state::up);
  flap(fixture, "a", 3);
  CHECK(fixture.state(top, "orders") == child_state::failed);
  CHECK(fixture.state(top, "x") == child_state::up);
  CHECK_FALSE(fixture.ended(top));
  fixture.rig.advance(60s);
  CHECK(fixture.state(top, "orders") == child_state::up);
  // Incarnations go on counting, and what went down comes up again.
  CHECK(fixture.all(event_kind::child_restarted).back().incarnation == 4);
  CHECK(fixture.history("/root/s/orders/a")
        == "child_started child_failed child_restarted child_failed "
           "child_restarted child_failed child_stopped child_restarted");
  CHECK(fixture.history("/root/s/orders/b")
        == "child_started child_stopped child_started");
  CHECK(fixture.history("/root/s/orders")
        == "service_started child_started intensity_exceeded "
           "supervisor_failed service_down "
           "child_gave_up "
           "service_up child_started");
  CHECK(fixture.all(event_kind::service_up).at(0).downtime == 60s);
}

TEST_CASE("notices that come late do nothing", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a", no_jitter)}));
  fixture.crash("a");
  fixture.rig.advance(1s);
  REQUIRE(fixture.info(top, "a").incarnation == 2);
  auto send = [&](auto what) {
    caf::anon_send(top, what);
    fixture.rig.run();
  };
  SECTION("the end of an earlier incarnation") {
    send(detail::child_down{1, 1, caf::exit_reason::kill});
    CHECK(fixture.info(top, "a").incarnation == 2);
    CHECK(fixture.state(top, "a") == child_state::up);
  }
  SECTION("an alarm that rings early") {
    fixture.crash("a");
    send(detail::time_is_up{});
    CHECK(fixture.state(top, "a") == child_state::waiting);
    fixture.rig.advance(10s);
    CHECK(fixture.info(top, "a").incarnation == 3);
  }
  SECTION("an earlier incarnation that comes up") {
    fixture.plan("a").start_throws = true;
    fixture.crash("a");
    send(detail::child_up{1, 2});
    CHECK(fixture.state(top, "a") == child_state::waiting);
    send(detail::child_up{1, 1});
    CHECK(fixture.state(top, "a") == child_state::waiting);
  }
  SECTION("anything about a child that never was") {
    send(detail::child_down{9, 2, caf::exit_reason::kill});
    send(detail::child_up{9, 2});
    send(detail::child_up{~uint64_t{0}, 2});
    CHECK(fixture.state(top, "a") == child_state::up);
  }
}
