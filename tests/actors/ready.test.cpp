// Children that say themselves when they take messages.

#include "actors/supervision_stage.hpp"

#include <bulwark/ready.hpp>
#include <bulwark/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

namespace {

/// Told "open", it is ready.
caf::behavior slow_starter() {
  return {
    [=](const std::string&) { report_ready(); },
    [=](int x) { return x; },
  };
}

/// Where the newest incarnation can be found.
struct found {
  caf::strong_actor_ptr handle;
};

child_spec slow_child(const std::shared_ptr<found>& newest, const char* id) {
  child_spec result;
  result.id = id;
  result.restart.jitter = 0;
  result.ready_within = 10s;
  auto start = start_alone(make_replica_factory(slow_starter), {false, true});
  result.start = [=](caf::execution_unit* eu, const birth& origin) {
    newest->handle = start(eu, origin);
    return newest->handle;
  };
  return result;
}

void open(supervision_stage& stage, const found& newest) {
  caf::anon_send(caf::actor_cast<caf::actor>(newest.handle),
                 std::string{"open"});
  stage.rig.run();
}

} // namespace

TEST_CASE("a child that reports is up when it says so, and the next one starts",
          "[supervisor]") {
  supervision_stage stage;
  auto newest = std::make_shared<found>();
  auto top = stage.spawn(
    stage.settings({slow_child(newest, "slow"), stage.puppet("next")}));
  CHECK(stage.state(top, "slow") == child_state::starting);
  CHECK(stage.history("/root/s/next") == "");
  stage.rig.advance(9s);
  open(stage, *newest);
  CHECK(stage.state(top, "slow") == child_state::up);
  CHECK(stage.history("/root/s/next") == "child_started");
  open(stage, *newest);
  stage.rig.advance(1h);
  CHECK(stage.history("/root/s/slow") == "child_started");
}

TEST_CASE("a child that does not report in time has failed to start",
          "[supervisor]") {
  supervision_stage stage;
  auto newest = std::make_shared<found>();
  auto top = stage.spawn(
    stage.settings({slow_child(newest, "slow"), stage.puppet("next")}));
  stage.rig.advance(10s);
  auto failed = stage.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].failure == failure_type::ready_timeout);
  CHECK(failed[0].reason == "was not ready within 10s");
  CHECK(stage.history("/root/s/next") == "child_started");
  stage.rig.advance(100ms);
  open(stage, *newest);
  CHECK(stage.state(top, "slow") == child_state::up);
  CHECK(stage.info(top, "slow").incarnation == 2);
}

TEST_CASE("who is not supervised has nothing to report", "[supervisor]") {
  CHECK_FALSE(report_ready());
}
