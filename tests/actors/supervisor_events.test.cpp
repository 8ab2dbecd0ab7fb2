#include "actors/supervision_stage.hpp"

#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>

#include <catch2/catch.hpp>

// Each transition is one event, and no more.

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

namespace {

restart_options quick(uint32_t intensity = 5) {
  return {.initial = 10ms, .max = 10ms, .jitter = 0, .intensity = intensity};
}

} // namespace

TEST_CASE("one restart is one failure and one recovery",
          "[supervisor][event]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({stage.puppet("a", quick())}));
  stage.crash("a");
  stage.rig.advance(10ms);
  stage.stop(top);
  CHECK(stage.history("/root/s/a")
        == "child_started child_failed child_restarted child_stopped");
  CHECK(stage.history("/root/s").empty());
  auto failed = stage.all(event_kind::child_failed).at(0);
  CHECK(test::metadata_of(failed, "restart_in") == "10ms");
  CHECK(failed.incarnation == 1);
}

TEST_CASE("a group's restart is scheduled once", "[supervisor][event]") {
  supervision_stage stage;
  auto settings =
    stage.settings({stage.puppet("a", quick()), stage.puppet("b", quick())});
  settings.strategy = restart_strategy::one_for_all;
  stage.spawn(std::move(settings));
  stage.crash("b");
  stage.rig.advance(10ms);
  CHECK(stage.history("/root/s") == "restart_scheduled");
  CHECK(stage.history("/root/s/a")
        == "child_started child_stopped child_started");
  CHECK(stage.history("/root/s/b")
        == "child_started child_failed child_restarted");
}

TEST_CASE("a child's limit is one event, with count, window and failures",
          "[supervisor][event]") {
  supervision_stage stage;
  stage.spawn(
    stage.settings({stage.puppet("a", quick(1)), stage.puppet("b", quick())}));
  stage.crash("a", "one");
  stage.rig.advance(10ms);
  stage.crash("b", "other");
  stage.rig.advance(10ms);
  stage.crash("a", "two");
  CHECK(stage.history("/root/s/a")
        == "child_started child_failed child_restarted child_failed "
           "intensity_exceeded child_gave_up");
  auto beyond = stage.all(event_kind::intensity_exceeded);
  REQUIRE(beyond.size() == 1);
  CHECK(beyond[0].level == severity::high);
  CHECK(test::metadata_of(beyond[0], "restarts") == "1");
  CHECK(test::metadata_of(beyond[0], "within") == "1m");
  CHECK(beyond[0].reason
        == "a: std::runtime_error: one; a: std::runtime_error: two");
}

// It told of a cool-down that never came.
TEST_CASE("a child whose limit is its supervisor's does not cool down",
          "[supervisor][event]") {
  supervision_stage stage;
  auto child = stage.puppet("a", quick(0));
  child.on_limit = limit_action::escalate;
  stage.spawn(stage.settings({child}));
  stage.crash("a");
  CHECK(stage.history("/root/s/a")
        == "child_started child_failed intensity_exceeded child_stopped");
  CHECK(stage.all(event_kind::child_failed).at(0).metadata.empty());
  CHECK(stage.history("/root/s") == "supervisor_failed");
}

TEST_CASE("a supervisor's limit is one event, and its failure another",
          "[supervisor][event]") {
  supervision_stage stage;
  auto settings = stage.settings({stage.puppet("a", quick())});
  settings.limits = {1, 30s};
  stage.spawn(std::move(settings));
  stage.crash("a");
  stage.rig.advance(10ms);
  stage.crash("a");
  CHECK(stage.history("/root/s") == "intensity_exceeded supervisor_failed");
  auto beyond = stage.all(event_kind::intensity_exceeded).at(0);
  CHECK(test::metadata_of(beyond, "restarts") == "1");
  CHECK(test::metadata_of(beyond, "within") == "30s");
}

// A crash on the way down was told like an orderly end.
TEST_CASE("who crashes when it is told to stop is told so",
          "[supervisor][event]") {
  supervision_stage stage;
  stage.plan("a").stubborn = true;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  caf::anon_send(top, terminate_child{"a"});
  stage.rig.run();
  stage.crash("a");
  CHECK(stage.history("/root/s/a") == "child_started child_stopped");
  auto stopped = stage.all(event_kind::child_stopped).at(0);
  CHECK(stopped.failure == failure_type::exception);
  CHECK(stopped.level == severity::low);
}

TEST_CASE("failures with a limit of their own leave the common one alone",
          "[supervisor][event]") {
  supervision_stage stage;
  auto child = stage.puppet("a", quick(1));
  child.on_failure = {
    {.cause = "std::runtime_error", .intensity = 3, .period = 10min}};
  auto top = stage.spawn(stage.settings({child}));
  for (int i = 0; i < 3; ++i) {
    stage.crash("a");
    stage.rig.advance(10ms);
  }
  CHECK(stage.state(top, "a") == child_state::up);
  // The common window is as it was.
  stage.end("a", caf::sec::bad_function_call);
  stage.rig.advance(10ms);
  CHECK(stage.state(top, "a") == child_state::up);
  stage.crash("a");
  CHECK(stage.state(top, "a") == child_state::failed);
  auto beyond = stage.all(event_kind::intensity_exceeded).at(0);
  CHECK(test::metadata_of(beyond, "restarts") == "3");
  CHECK(test::metadata_of(beyond, "within") == "10m");
}

TEST_CASE("limits of causes are refused by name", "[supervisor][event]") {
  supervision_stage stage;
  auto refused = [&](failure_rule rule) {
    auto child = stage.puppet("a");
    child.on_failure = {std::move(rule)};
    return validate(stage.settings({child})).value_or("");
  };
  CHECK(refused({.cause = "x", .intensity = 3})
        == "a: on_failure of \"x\": intensity is 3; it must be 0 where period "
           "is 0ms");
  CHECK_THAT(refused({.cause = "x", .period = -1s}),
             Catch::StartsWith("a: on_failure of \"x\": period is"));
  CHECK_THAT(
    refused({.cause = "x", .then = failure_directive::stop, .period = 1s}),
    Catch::EndsWith("it must be 0ms where nothing is restarted"));
  CHECK(refused({.cause = "x", .intensity = 0, .period = 1s}).empty());
}

TEST_CASE("the reason of an end tells what kind of failure it was",
          "[supervisor][event]") {
  auto [reason, type] = GENERATE(table<caf::error, failure_type>({
    {caf::error{}, failure_type::none},
    {caf::exit_reason::user_shutdown, failure_type::none},
    {caf::exit_reason::kill, failure_type::killed},
    {make_error(errc::service_crashed, "x"), failure_type::exception},
    {make_error(errc::service_hung, "x"), failure_type::hung},
    {make_error(errc::unreachable, "x"), failure_type::node_lost},
    {caf::exit_reason::remote_link_unreachable, failure_type::error_exit},
    {caf::sec::invalid_argument, failure_type::error_exit},
  }));
  CHECK(failure_of(reason) == type);
}
