#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

// Each transition is one event, and no more.

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

restart_options quick(uint32_t intensity = 5) {
  return {.initial = 10ms, .max = 10ms, .jitter = 0, .intensity = intensity};
}

} // namespace

TEST_CASE("one restart is one failure and one recovery",
          "[supervisor][event]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a", quick())}));
  fixture.crash("a");
  fixture.rig.advance(10ms);
  fixture.stop(top);
  CHECK(fixture.history("/root/s/a")
        == "child_started child_failed child_restarted child_stopped");
  CHECK(fixture.history("/root/s").empty());
  auto failed = fixture.all(event_kind::child_failed).at(0);
  CHECK(test::metadata_of(failed, "restart_in") == "10ms");
  CHECK(failed.incarnation == 1);
}

TEST_CASE("a group's restart is scheduled once", "[supervisor][event]") {
  supervision_fixture fixture;
  auto settings = fixture.settings(
    {fixture.puppet("a", quick()), fixture.puppet("b", quick())});
  settings.strategy = restart_strategy::one_for_all;
  fixture.spawn(std::move(settings));
  fixture.crash("b");
  fixture.rig.advance(10ms);
  CHECK(fixture.history("/root/s") == "restart_scheduled");
  CHECK(fixture.history("/root/s/a")
        == "child_started child_stopped child_started");
  CHECK(fixture.history("/root/s/b")
        == "child_started child_failed child_restarted");
}

TEST_CASE("a child's limit is one event, with count, window and failures",
          "[supervisor][event]") {
  supervision_fixture fixture;
  fixture.spawn(fixture.settings(
    {fixture.puppet("a", quick(1)), fixture.puppet("b", quick())}));
  fixture.crash("a", "one");
  fixture.rig.advance(10ms);
  fixture.crash("b", "other");
  fixture.rig.advance(10ms);
  fixture.crash("a", "two");
  CHECK(fixture.history("/root/s/a")
        == "child_started child_failed child_restarted child_failed "
           "intensity_exceeded child_gave_up");
  auto beyond = fixture.all(event_kind::intensity_exceeded);
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
  supervision_fixture fixture;
  auto child = fixture.puppet("a", quick(0));
  child.on_limit = limit_action::escalate;
  fixture.spawn(fixture.settings({child}));
  fixture.crash("a");
  CHECK(fixture.history("/root/s/a")
        == "child_started child_failed intensity_exceeded child_stopped");
  CHECK(fixture.all(event_kind::child_failed).at(0).metadata.empty());
  CHECK(fixture.history("/root/s") == "supervisor_failed");
}

TEST_CASE("a supervisor's limit is one event, and its failure another",
          "[supervisor][event]") {
  supervision_fixture fixture;
  auto settings = fixture.settings({fixture.puppet("a", quick())});
  settings.limits = {1, 30s};
  fixture.spawn(std::move(settings));
  fixture.crash("a");
  fixture.rig.advance(10ms);
  fixture.crash("a");
  CHECK(fixture.history("/root/s") == "intensity_exceeded supervisor_failed");
  auto beyond = fixture.all(event_kind::intensity_exceeded).at(0);
  CHECK(test::metadata_of(beyond, "restarts") == "1");
  CHECK(test::metadata_of(beyond, "within") == "30s");
}

// A crash on the way down was told like an orderly end.
TEST_CASE("who crashes when it is told to stop is told so",
          "[supervisor][event]") {
  supervision_fixture fixture;
  fixture.plan("a").stubborn = true;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  caf::anon_send(top, terminate_child{"a"});
  fixture.rig.run();
  fixture.crash("a");
  CHECK(fixture.history("/root/s/a") == "child_started child_stopped");
  auto stopped = fixture.all(event_kind::child_stopped).at(0);
  CHECK(stopped.failure == failure_type::exception);
  CHECK(stopped.level == severity::low);
}

TEST_CASE("failures with a limit of their own leave the common one alone",
          "[supervisor][event]") {
  supervision_fixture fixture;
  auto child = fixture.puppet("a", quick(1));
  child.on_failure = {
    {.cause = "std::runtime_error", .intensity = 3, .period = 10min}};
  auto top = fixture.spawn(fixture.settings({child}));
  for (int i = 0; i < 3; ++i) {
    fixture.crash("a");
    fixture.rig.advance(10ms);
  }
  CHECK(fixture.state(top, "a") == child_state::up);
  // The common window is as it was.
  fixture.end("a", caf::sec::bad_function_call);
  fixture.rig.advance(10ms);
  CHECK(fixture.state(top, "a") == child_state::up);
  fixture.crash("a");
  CHECK(fixture.state(top, "a") == child_state::failed);
  auto beyond = fixture.all(event_kind::intensity_exceeded).at(0);
  CHECK(test::metadata_of(beyond, "restarts") == "3");
  CHECK(test::metadata_of(beyond, "within") == "10m");
}

TEST_CASE("limits of causes are refused by name", "[supervisor][event]") {
  supervision_fixture fixture;
  auto refused = [&](failure_rule rule) {
    auto child = fixture.puppet("a");
    child.on_failure = {std::move(rule)};
    return validate(fixture.settings({child})).value_or("");
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
