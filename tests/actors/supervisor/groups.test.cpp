// Strategies with real actors: what tests/core/supervision proves of the
// decisions is seen to be carried out, told and counted.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

using steps = std::vector<std::string>;

restart_options no_jitter() {
  restart_options result;
  result.jitter = 0;
  return result;
}

supervisor_settings three(supervision_fixture& fixture, restart_strategy how) {
  auto result = fixture.settings({fixture.puppet("a", no_jitter()),
                                  fixture.puppet("b", no_jitter()),
                                  fixture.puppet("c", no_jitter())});
  result.strategy = how;
  return result;
}

} // namespace

TEST_CASE("one_for_all stops in reverse order and starts in order",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(three(fixture, restart_strategy::one_for_all));
  CHECK(fixture.steps == steps{"start a", "start b", "start c"});
  fixture.steps.clear();
  fixture.crash("b");
  CHECK(fixture.steps == steps{"end b", "stop c", "end c", "stop a", "end a"});
  CHECK(fixture.state(top, "a") == child_state::waiting);
  fixture.steps.clear();
  fixture.rig.advance(100ms);
  CHECK(fixture.steps == steps{"start a", "start b", "start c"});
  CHECK(fixture.history("/root/s/b")
        == "child_started child_failed child_restarted");
  CHECK(fixture.history("/root/s/a")
        == "child_started child_stopped child_started");
  auto group = fixture.all(event_kind::restart_scheduled);
  REQUIRE(group.size() == 1);
  CHECK(group[0].component == "/root/s");
  CHECK(group[0].reason == "b: std::runtime_error: boom");
  CHECK(test::metadata_of(group[0], "restart_in") == "100ms");
}

TEST_CASE("rest_for_one leaves those before alone", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(three(fixture, restart_strategy::rest_for_one));
  fixture.steps.clear();
  fixture.crash("b");
  fixture.rig.advance(100ms);
  CHECK(fixture.steps
        == steps{"end b", "stop c", "end c", "start b", "start c"});
  CHECK(fixture.info(top, "a").incarnation == 1);
  CHECK(fixture.info(top, "c").incarnation == 2);
  CHECK(fixture.info(top, "c").restarts == 1);
}

TEST_CASE("a member that does not stop is killed, and told", "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("c").stubborn = true;
  fixture.spawn(three(fixture, restart_strategy::rest_for_one));
  fixture.crash("b");
  fixture.rig.advance(5s);
  fixture.rig.advance(100ms);
  CHECK(fixture.history("/root/s/c")
        == "child_started child_stopped child_started");
  auto stopped = fixture.all(event_kind::child_stopped);
  REQUIRE(stopped.size() == 1);
  CHECK(test::metadata_of(stopped[0], "killed_after") == "5s");
  CHECK(test::metadata_of(stopped[0], "for") == "restart of its group");
}

TEST_CASE("failures may stop a child, or its supervisor, by their cause",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings = three(fixture, restart_strategy::one_for_one);
  for (auto& child : settings.children)
    child.on_failure = {{"std::logic_error", failure_directive::escalate},
                        {"std::runtime_error", failure_directive::stop}};
  auto top = fixture.spawn(std::move(settings));
  fixture.crash("a");
  fixture.rig.advance(1h);
  CHECK(fixture.history("/root/s/a")
        == "child_started child_failed child_stopped");
  fixture.end("b", make_error(errc::service_crashed, "std::logic_errors: no"));
  fixture.rig.advance(1h);
  CHECK(fixture.state(top, "b") == child_state::up);
  fixture.end("b", make_error(errc::service_crashed, "std::logic_error: no"));
  caf::error reason;
  CHECK(fixture.ended(top, &reason));
  CHECK(describe(reason).find("/root/s/b failed") != std::string::npos);
}

TEST_CASE("a supervisor ends with its significant children", "[supervisor]") {
  supervision_fixture fixture;
  auto settings = three(fixture, restart_strategy::one_for_one);
  settings.on_significant = auto_shutdown::any_significant;
  settings.children[1].restart.type = restart_type::transient;
  settings.children[1].significant = true;
  auto top = fixture.spawn(std::move(settings));
  fixture.end("b", caf::none);
  caf::error reason;
  CHECK(fixture.ended(top, &reason));
  CHECK(classify(reason) == exit_class::shutdown);
  CHECK(fixture.all(event_kind::supervisor_failed).empty());
}

TEST_CASE("a supervisor that cannot start its children does not start",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").start_throws = true;
  auto settings = three(fixture, restart_strategy::one_for_one);
  settings.strict = true;
  auto top = fixture.spawn(std::move(settings));
  CHECK(fixture.ended(top));
  CHECK(fixture.history("/root/s/c") == "");
  CHECK(fixture.history("/root/s/a") == "child_started child_stopped");
}

// Each of these opened an outage that no event closed: the child came back
// with child_started.
TEST_CASE("who failed comes back as restarted, whoever had it started again",
          "[supervisor]") {
  supervision_fixture fixture;
  SECTION("its supervisor, which failed because of it") {
    auto inner = three(fixture, restart_strategy::one_for_one);
    inner.path = "/root/s/inner";
    inner.children[1].on_failure = {{"", failure_directive::escalate}};
    auto top = fixture.spawn(fixture.settings({supervisor_child(inner)}));
    fixture.crash("b");
    fixture.rig.advance(60s);
    CHECK(fixture.history("/root/s/inner/b")
          == "child_started child_failed child_restarted");
    CHECK(fixture.all(event_kind::child_restarted).at(0).downtime == 60s);
  }
  SECTION("an operator, after a rule had left it down") {
    auto settings = three(fixture, restart_strategy::one_for_one);
    settings.children[1].on_failure = {{"", failure_directive::stop}};
    auto top = fixture.spawn(std::move(settings));
    fixture.crash("b");
    fixture.rig.advance(7s);
    fixture.ask<child_info>(top, restart_child{"b"});
    CHECK(fixture.history("/root/s/b")
          == "child_started child_failed child_stopped child_restarted");
    CHECK(fixture.all(event_kind::child_restarted).at(0).downtime == 7s);
  }
  SECTION("its group, which was going down when it failed") {
    fixture.plan("c").stubborn = true;
    auto top = fixture.spawn(three(fixture, restart_strategy::one_for_all));
    fixture.crash("b");
    fixture.crash("a");
    fixture.rig.advance(60s);
    CHECK(fixture.history("/root/s/a")
          == "child_started child_failed child_stopped child_restarted");
  }
  SECTION("an operator, after it had ended orderly while it started") {
    auto settings = three(fixture, restart_strategy::one_for_one);
    settings.children[1].restart.type = restart_type::transient;
    auto top = fixture.spawn(std::move(settings));
    fixture.crash("b");
    fixture.plan("b").dies_before_up = caf::exit_reason::user_shutdown;
    fixture.rig.advance(10s);
    CHECK(fixture.state(top, "b") == child_state::stopped);
    fixture.plan("b").dies_before_up = caf::none;
    fixture.ask<child_info>(top, restart_child{"b"});
    CHECK(fixture.history("/root/s/b")
          == "child_started child_failed child_stopped child_restarted");
  }
}
