#include "actors/supervision_stage.hpp"

#include <bulwark/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

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
  supervision_stage stage;
  auto top = stage.spawn(
    stage.settings({stage.puppet("a"), stage.puppet("b"), stage.puppet("c")}));
  CHECK(stage.steps == steps{"start a", "start b", "start c"});
  stage.plan("x");
  stage.steps.clear();
  stage.stop(top);
  CHECK(stage.steps
        == steps{"stop c", "end c", "stop b", "end b", "stop a", "end a"});
  caf::error reason;
  REQUIRE(stage.ended(top, &reason));
  CHECK(reason == caf::exit_reason::user_shutdown);
  CHECK(stage.history("/root/s/c") == "child_started child_stopped");
}

TEST_CASE("the next child is stopped only when the one before has ended",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").stops_after = 2s;
  auto top =
    stage.spawn(stage.settings({stage.puppet("a"), stage.puppet("b")}));
  stage.steps.clear();
  stage.stop(top);
  stage.rig.advance(2s - 1ns);
  CHECK(stage.steps == steps{"stop b"});
  CHECK(stage.state(top, "b") == child_state::stopping);
  CHECK(stage.state(top, "a") == child_state::up);
  stage.rig.advance(1ns);
  CHECK(stage.steps == steps{"stop b", "end b", "stop a", "end a"});
  CHECK(stage.ended(top));
}

TEST_CASE("a child that ignores the request to stop is killed and named",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").stubborn = true;
  auto top = stage.spawn(
    stage.settings({stage.puppet("a"), stage.puppet("b", patient(3s))}));
  stage.stop(top);
  stage.rig.advance(3s - 1ns);
  CHECK_FALSE(stage.ended(stage.current("b")));
  stage.rig.advance(1ns);
  CHECK(stage.ended(stage.current("b")));
  CHECK(stage.ended(top));
  auto stopped = stage.all(event_kind::child_stopped).at(0);
  CHECK(stopped.component == "/root/s/b");
  CHECK(stopped.reason == "kill");
  CHECK(test::metadata_of(stopped, "killed_after") == "3s");
  CHECK(stage.all(event_kind::child_abandoned).empty());
}

TEST_CASE("a child that not even kill stops is abandoned", "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").deaf = true;
  std::vector<child_state> seen;
  std::shared_ptr<child_control> control;
  auto spec = stage.puppet("b", patient(3s));
  spec.start = [&control, start = spec.start](caf::execution_unit* eu,
                                              const birth& born) {
    control = born.control;
    return start(eu, born);
  };
  spec.on_change = [&](const child_change& x) { seen.push_back(x.state); };
  auto top = stage.spawn(stage.settings({stage.puppet("a"), std::move(spec)}));
  CHECK_FALSE(control->stop);
  stage.stop(top);
  CHECK(control->stop);
  stage.rig.advance(3s - 1ns);
  CHECK_FALSE(control->kill);
  stage.rig.advance(1ns);
  CHECK(control->kill);
  CHECK_FALSE(stage.ended(top));
  stage.rig.advance(1s);
  CHECK(stage.ended(top));
  CHECK(seen.back() == child_state::abandoned);
  auto abandoned = stage.all(event_kind::child_abandoned);
  REQUIRE(abandoned.size() == 1);
  CHECK(abandoned[0].component == "/root/s/b");
  CHECK(abandoned[0].level == severity::high);
  CHECK(abandoned[0].failure == failure_type::hung);
  CHECK(stage.ended(stage.current("a")));
  stage.end("b", caf::none);
}

TEST_CASE("a child that waits for its restart is not started any more",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").stops_after = 1s;
  auto top =
    stage.spawn(stage.settings({stage.puppet("a"), stage.puppet("b")}));
  stage.crash("a");
  stage.stop(top);
  stage.steps.clear();
  stage.rig.advance(10s);
  CHECK(stage.steps == steps{"end b"});
  CHECK(stage.ended(top));
}

TEST_CASE("a child that dies while its siblings stop is not started again",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("b").stops_after = 2s;
  auto top =
    stage.spawn(stage.settings({stage.puppet("a"), stage.puppet("b")}));
  stage.stop(top);
  stage.crash("a");
  CHECK(stage.state(top, "a") == child_state::stopped);
  stage.rig.advance(2s);
  CHECK(stage.ended(top));
  CHECK(stage.all(event_kind::child_failed).empty());
}

TEST_CASE("a supervisor waits for a child supervisor without limit",
          "[supervisor]") {
  supervision_stage stage;
  stage.plan("deep").stops_after = 1h;
  auto inner = stage.settings({stage.puppet("deep", patient(2h))});
  inner.path = "/root/s/inner";
  auto top = stage.spawn(
    stage.settings({stage.puppet("a", patient(1ms)), supervisor_child(inner)}));
  stage.steps.clear();
  stage.stop(top);
  stage.rig.advance(1h - 1ns);
  CHECK(stage.steps == steps{"stop deep"});
  CHECK_FALSE(stage.ended(top));
  stage.rig.advance(1ns);
  CHECK(stage.steps == steps{"stop deep", "end deep", "stop a", "end a"});
  CHECK(stage.ended(top));
}

TEST_CASE("a supervisor without children stops at once", "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({}));
  CHECK_FALSE(stage.ended(top));
  stage.stop(top);
  CHECK(stage.ended(top));
}

TEST_CASE("children of a supervisor that nobody holds any more are killed",
          "[supervisor]") {
  supervision_stage stage;
  auto idle = [](caf::event_based_actor*) -> caf::behavior {
    return {[](int x) { return x; }};
  };
  child_spec real;
  real.id = "real";
  real.start = start_alone(make_replica_factory(idle));
  auto others = stage.rig.actors_running();
  {
    auto top = spawn_supervisor(stage.rig.system(),
                                stage.settings({stage.puppet("a"), real}));
    stage.rig.run();
    CHECK_FALSE(stage.ended(stage.current("a")));
  }
  // Neither its timers nor a child that is up hold it.
  stage.rig.run();
  CHECK(stage.ended(stage.current("a")));
  CHECK(stage.rig.actors_running() == others);
}
