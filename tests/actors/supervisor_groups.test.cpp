// Strategies with real actors: what tests/core/supervision proves of the
// decisions is seen to be carried out, told and counted.

#include "actors/supervision_stage.hpp"

#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

namespace {

using steps = std::vector<std::string>;

restart_options no_jitter() {
  restart_options result;
  result.jitter = 0;
  return result;
}

supervisor_settings three(supervision_stage& stage, restart_strategy how) {
  auto result = stage.settings({stage.puppet("a", no_jitter()),
                                stage.puppet("b", no_jitter()),
                                stage.puppet("c", no_jitter())});
  result.strategy = how;
  return result;
}

} // namespace

TEST_CASE("one_for_all stops in reverse order and starts in order",
          "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(three(stage, restart_strategy::one_for_all));
  CHECK(stage.steps == steps{"start a", "start b", "start c"});
  stage.steps.clear();
  stage.crash("b");
  CHECK(stage.steps == steps{"end b", "stop c", "end c", "stop a", "end a"});
  CHECK(stage.state(top, "a") == child_state::waiting);
  stage.steps.clear();
  stage.rig.advance(100ms);
  CHECK(stage.steps == steps{"start a", "start b", "start c"});
  CHECK(stage.history("/root/s/b")
        == "child_started child_failed child_restarted");
  CHECK(stage.history("/root/s/a")
        == "child_started child_stopped child_started");
  auto group = stage.all(event_kind::restart_scheduled);
  REQUIRE(group.size() == 1);
  CHECK(group[0].component == "/root/s");
  CHECK(group[0].reason == "b: std::runtime_error: boom");
  CHECK(test::metadata_of(group[0], "restart_in") == "100ms");
}

TEST_CASE("rest_for_one leaves those before alone", "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(three(stage, restart_strategy::rest_for_one));
  stage.steps.clear();
  stage.crash("b");
  stage.rig.advance(100ms);
  CHECK(stage.steps == steps{"end b", "stop c", "end c", "start b", "start c"});
  CHECK(stage.info(top, "a").incarnation == 1);
  CHECK(stage.info(top, "c").incarnation == 2);
  CHECK(stage.info(top, "c").restarts == 1);
}

TEST_CASE("a member that does not stop is killed, and told", "[supervisor]") {
  supervision_stage stage;
  stage.plan("c").stubborn = true;
  stage.spawn(three(stage, restart_strategy::rest_for_one));
  stage.crash("b");
  stage.rig.advance(5s);
  stage.rig.advance(100ms);
  CHECK(stage.history("/root/s/c")
        == "child_started child_stopped child_started");
  auto stopped = stage.all(event_kind::child_stopped);
  REQUIRE(stopped.size() == 1);
  CHECK(test::metadata_of(stopped[0], "killed_after") == "5s");
  CHECK(test::metadata_of(stopped[0], "for") == "restart of its group");
}

TEST_CASE("failures may stop a child, or its supervisor, by their cause",
          "[supervisor]") {
  supervision_stage stage;
  auto settings = three(stage, restart_strategy::one_for_one);
  for (auto& child : settings.children)
    child.on_failure = {{"std::logic_error", failure_directive::escalate},
                        {"std::runtime_error", failure_directive::stop}};
  auto top = stage.spawn(std::move(settings));
  stage.crash("a");
  stage.rig.advance(1h);
  CHECK(stage.history("/root/s/a")
        == "child_started child_failed child_stopped");
  stage.end("b", make_error(errc::service_crashed, "std::logic_errors: no"));
  stage.rig.advance(1h);
  CHECK(stage.state(top, "b") == child_state::up);
  stage.end("b", make_error(errc::service_crashed, "std::logic_error: no"));
  caf::error reason;
  CHECK(stage.ended(top, &reason));
  CHECK(describe(reason).find("/root/s/b failed") != std::string::npos);
}

TEST_CASE("a supervisor ends with its significant children", "[supervisor]") {
  supervision_stage stage;
  auto settings = three(stage, restart_strategy::one_for_one);
  settings.on_significant = auto_shutdown::any_significant;
  settings.children[1].restart.type = restart_type::transient;
  settings.children[1].significant = true;
  auto top = stage.spawn(std::move(settings));
  stage.end("b", caf::none);
  caf::error reason;
  CHECK(stage.ended(top, &reason));
  CHECK(classify(reason) == exit_class::shutdown);
  CHECK(stage.all(event_kind::supervisor_failed).empty());
}

TEST_CASE("a supervisor that cannot start its children does not start",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").start_throws = true;
  auto settings = three(stage, restart_strategy::one_for_one);
  settings.strict = true;
  auto top = stage.spawn(std::move(settings));
  CHECK(stage.ended(top));
  CHECK(stage.history("/root/s/c") == "");
  CHECK(stage.history("/root/s/a") == "child_started child_stopped");
}

// Each of these opened an outage that no event closed: the child came back
// with child_started.
TEST_CASE("who failed comes back as restarted, whoever had it started again",
          "[supervisor]") {
  supervision_stage stage;
  SECTION("its supervisor, which failed because of it") {
    auto inner = three(stage, restart_strategy::one_for_one);
    inner.path = "/root/s/inner";
    inner.children[1].on_failure = {{"", failure_directive::escalate}};
    auto top = stage.spawn(stage.settings({supervisor_child(inner)}));
    stage.crash("b");
    stage.rig.advance(60s);
    CHECK(stage.history("/root/s/inner/b")
          == "child_started child_failed child_restarted");
    CHECK(stage.all(event_kind::child_restarted).at(0).downtime == 60s);
  }
  SECTION("an operator, after a rule had left it down") {
    auto settings = three(stage, restart_strategy::one_for_one);
    settings.children[1].on_failure = {{"", failure_directive::stop}};
    auto top = stage.spawn(std::move(settings));
    stage.crash("b");
    stage.rig.advance(7s);
    stage.ask<child_info>(top, restart_child{"b"});
    CHECK(stage.history("/root/s/b")
          == "child_started child_failed child_stopped child_restarted");
    CHECK(stage.all(event_kind::child_restarted).at(0).downtime == 7s);
  }
  SECTION("its group, which was going down when it failed") {
    stage.plan("c").stubborn = true;
    auto top = stage.spawn(three(stage, restart_strategy::one_for_all));
    stage.crash("b");
    stage.crash("a");
    stage.rig.advance(60s);
    CHECK(stage.history("/root/s/a")
          == "child_started child_failed child_stopped child_restarted");
  }
  SECTION("an operator, after it had ended orderly while it started") {
    auto settings = three(stage, restart_strategy::one_for_one);
    settings.children[1].restart.type = restart_type::transient;
    auto top = stage.spawn(std::move(settings));
    stage.crash("b");
    stage.plan("b").dies_before_up = caf::exit_reason::user_shutdown;
    stage.rig.advance(10s);
    CHECK(stage.state(top, "b") == child_state::stopped);
    stage.plan("b").dies_before_up = caf::none;
    stage.ask<child_info>(top, restart_child{"b"});
    CHECK(stage.history("/root/s/b")
          == "child_started child_failed child_stopped child_restarted");
  }
}
