// Children that say themselves when they take messages.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/replica/ready.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

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

void open(supervision_fixture& fixture, const found& newest) {
  caf::anon_send(caf::actor_cast<caf::actor>(newest.handle),
                 std::string{"open"});
  fixture.rig.run();
}

} // namespace

TEST_CASE("a child that reports is up when it says so, and the next one starts",
          "[supervisor]") {
  supervision_fixture fixture;
  auto newest = std::make_shared<found>();
  auto top = fixture.spawn(
    fixture.settings({slow_child(newest, "slow"), fixture.puppet("next")}));
  CHECK(fixture.state(top, "slow") == child_state::starting);
  CHECK(fixture.history("/root/s/next") == "");
  fixture.rig.advance(9s);
  open(fixture, *newest);
  CHECK(fixture.state(top, "slow") == child_state::up);
  CHECK(fixture.history("/root/s/next") == "child_started");
  open(fixture, *newest);
  fixture.rig.advance(1h);
  CHECK(fixture.history("/root/s/slow") == "child_started");
}

TEST_CASE("a child that does not report in time has failed to start",
          "[supervisor]") {
  supervision_fixture fixture;
  auto newest = std::make_shared<found>();
  auto top = fixture.spawn(
    fixture.settings({slow_child(newest, "slow"), fixture.puppet("next")}));
  fixture.rig.advance(10s);
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].failure == failure_type::ready_timeout);
  CHECK(failed[0].reason == "was not ready within 10s");
  CHECK(fixture.history("/root/s/next") == "child_started");
  fixture.rig.advance(100ms);
  open(fixture, *newest);
  CHECK(fixture.state(top, "slow") == child_state::up);
  CHECK(fixture.info(top, "slow").incarnation == 2);
}

TEST_CASE("who is not supervised has nothing to report", "[supervisor]") {
  CHECK_FALSE(report_ready());
}
