#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/replica/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

using steps = std::vector<std::string>;

restart_options patient(duration shutdown) {
  restart_options result;
  result.shutdown = shutdown;
  return result;
}

} // namespace

TEST_CASE("children stop one after the other, the last one first",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a"), fixture.puppet("b"), fixture.puppet("c")}));
  CHECK(fixture.steps == steps{"start a", "start b", "start c"});
  fixture.plan("x");
  fixture.steps.clear();
  fixture.stop(top);
  CHECK(fixture.steps
        == steps{"stop c", "end c", "stop b", "end b", "stop a", "end a"});
  caf::error reason;
  REQUIRE(fixture.ended(top, &reason));
  CHECK(reason == caf::exit_reason::user_shutdown);
  CHECK(fixture.history("/root/s/c") == "child_started child_stopped");
}

TEST_CASE("the next child is stopped only when the one before has ended",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").stops_after = 2s;
  auto top =
    fixture.spawn(fixture.settings({fixture.puppet("a"), fixture.puppet("b")}));
  fixture.steps.clear();
  fixture.stop(top);
  fixture.rig.advance(2s - 1ns);
  CHECK(fixture.steps == steps{"stop b"});
  CHECK(fixture.state(top, "b") == child_state::stopping);
  CHECK(fixture.state(top, "a") == child_state::up);
  fixture.rig.advance(1ns);
  CHECK(fixture.steps == steps{"stop b", "end b", "stop a", "end a"});
  CHECK(fixture.ended(top));
}

TEST_CASE("a child that ignores the request to stop is killed and named",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").stubborn = true;
  auto top = fixture.spawn(
    fixture.settings({fixture.puppet("a"), fixture.puppet("b", patient(3s))}));
  fixture.stop(top);
  fixture.rig.advance(3s - 1ns);
  CHECK_FALSE(fixture.ended(fixture.current("b")));
  fixture.rig.advance(1ns);
  CHECK(fixture.ended(fixture.current("b")));
  CHECK(fixture.ended(top));
  auto stopped = fixture.all(event_kind::child_stopped).at(0);
  CHECK(stopped.component == "/root/s/b");
  CHECK(stopped.reason == "kill");
  CHECK(test::metadata_of(stopped, "killed_after") == "3s");
  CHECK(fixture.all(event_kind::child_abandoned).empty());
}

TEST_CASE("a child that not even kill stops is abandoned", "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").deaf = true;
  std::vector<child_state> seen;
  std::shared_ptr<child_control> control;
  auto spec = fixture.puppet("b", patient(3s));
  spec.start = [&control, start = spec.start](caf::execution_unit* eu,
                                              const birth& born) {
    control = born.control;
    return start(eu, born);
  };
  spec.on_change = [&](const child_change& x) { seen.push_back(x.state); };
  auto top =
    fixture.spawn(fixture.settings({fixture.puppet("a"), std::move(spec)}));
  CHECK_FALSE(control->stop);
  fixture.stop(top);
  CHECK(control->stop);
  fixture.rig.advance(3s - 1ns);
  CHECK_FALSE(control->kill);
  fixture.rig.advance(1ns);
  CHECK(control->kill);
  CHECK_FALSE(fixture.ended(top));
  fixture.rig.advance(1s);
  CHECK(fixture.ended(top));
  CHECK(seen.back() == child_state::abandoned);
  auto abandoned = fixture.all(event_kind::child_abandoned);
  REQUIRE(abandoned.size() == 1);
  CHECK(abandoned[0].component == "/root/s/b");
  CHECK(abandoned[0].level == severity::high);
  CHECK(abandoned[0].failure == failure_type::hung);
  CHECK(fixture.ended(fixture.current("a")));
  fixture.end("b", caf::none);
}

TEST_CASE("a child that waits for its restart is not started any more",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").stops_after = 1s;
  auto top =
    fixture.spawn(fixture.settings({fixture.puppet("a"), fixture.puppet("b")}));
  fixture.crash("a");
  fixture.stop(top);
  fixture.steps.clear();
  fixture.rig.advance(10s);
  CHECK(fixture.steps == steps{"end b"});
  CHECK(fixture.ended(top));
}

TEST_CASE("a child that dies while its siblings stop is not started again",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").stops_after = 2s;
  auto top =
    fixture.spawn(fixture.settings({fixture.puppet("a"), fixture.puppet("b")}));
  fixture.stop(top);
  fixture.crash("a");
  CHECK(fixture.state(top, "a") == child_state::stopped);
  fixture.rig.advance(2s);
  CHECK(fixture.ended(top));
  CHECK(fixture.all(event_kind::child_failed).empty());
}

TEST_CASE("a supervisor waits for a child supervisor without limit",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("deep").stops_after = 1h;
  auto inner = fixture.settings({fixture.puppet("deep", patient(2h))});
  inner.path = "/root/s/inner";
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a", patient(1ms)), supervisor_child(inner)}));
  fixture.steps.clear();
  fixture.stop(top);
  fixture.rig.advance(1h - 1ns);
  CHECK(fixture.steps == steps{"stop deep"});
  CHECK_FALSE(fixture.ended(top));
  fixture.rig.advance(1ns);
  CHECK(fixture.steps == steps{"stop deep", "end deep", "stop a", "end a"});
  CHECK(fixture.ended(top));
}

TEST_CASE("a supervisor without children stops at once", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({}));
  CHECK_FALSE(fixture.ended(top));
  fixture.stop(top);
  CHECK(fixture.ended(top));
}

TEST_CASE("children of a supervisor that nobody holds any more are killed",
          "[supervisor]") {
  supervision_fixture fixture;
  auto idle = [](caf::event_based_actor*) -> caf::behavior {
    return {[](int x) { return x; }};
  };
  child_spec real;
  real.id = "real";
  real.start = start_alone(make_replica_factory(idle));
  auto others = fixture.rig.actors_running();
  {
    auto top = spawn_supervisor(fixture.rig.system(),
                                fixture.settings({fixture.puppet("a"), real}));
    fixture.rig.run();
    CHECK_FALSE(fixture.ended(fixture.current("a")));
  }
  // Neither its timers nor a child that is up hold it.
  fixture.rig.run();
  CHECK(fixture.ended(fixture.current("a")));
  CHECK(fixture.rig.actors_running() == others);
}
