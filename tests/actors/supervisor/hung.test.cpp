#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <catch2/catch.hpp>

// A handler that is stuck, as far as the supervisor can see: what it looks at
// is set by the test, because nothing else runs while a handler does.

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

using controls = std::vector<std::shared_ptr<child_control>>;

child_spec watched(supervision_fixture& fixture, controls& seen) {
  auto spec = fixture.puppet("a", {.jitter = 0});
  spec.hung_after = 40s;
  spec.start = [start = spec.start, &seen](caf::execution_unit* eu,
                                           const birth& born) {
    seen.push_back(born.control);
    return start(eu, born);
  };
  return spec;
}

} // namespace

TEST_CASE("a child that hangs fails as hung and is started again",
          "[supervisor][hung]") {
  controls seen;
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({watched(fixture, seen)}));
  fixture.rig.advance(1s);
  seen[0]->progress_counter = 3;
  CHECK_FALSE(seen[0]->one_by_one);
  fixture.rig.advance(20s);
  CHECK(seen[0]->one_by_one);
  fixture.rig.advance(18s);
  CHECK(fixture.state(top, "a") == child_state::up);
  fixture.rig.advance(12s);
  CHECK(fixture.state(top, "a") == child_state::up);
  CHECK(fixture.info(top, "a").incarnation == 2);
  CHECK(fixture.history("/root/s/a")
        == "child_started child_failed child_restarted");
  auto failed = fixture.all(event_kind::child_failed).at(0);
  CHECK(failed.failure == failure_type::hung);
  CHECK(failed.reason == "did not come back from a handler within 40s");
}

TEST_CASE("a child that hangs and does not hear is abandoned and replaced",
          "[supervisor][hung]") {
  controls seen;
  std::vector<child_state> states;
  std::vector<bool> follows;
  supervision_fixture fixture;
  fixture.plan("a").deaf = true;
  auto spec = watched(fixture, seen);
  spec.on_change = [&](const child_change& x) {
    states.push_back(x.state);
    if (x.state == child_state::abandoned)
      follows.push_back(x.next == child_next::more_follows);
  };
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  auto first = fixture.current("a");
  seen[0]->progress_counter = 1;
  fixture.plan("a").deaf = false;
  fixture.rig.advance(60s);
  CHECK(fixture.history("/root/s/a")
        == "child_started child_abandoned child_failed child_restarted");
  using s = child_state;
  CHECK(states
        == std::vector<s>{s::starting, s::up, s::stopping, s::abandoned,
                          s::waiting, s::starting, s::up});
  CHECK(follows == std::vector<bool>{true});
  // The old one comes back at last, and nobody minds.
  caf::anon_send(first, test::end_with{});
  fixture.rig.run();
  CHECK(fixture.state(top, "a") == child_state::up);
  CHECK(fixture.info(top, "a").incarnation == 2);
}

TEST_CASE("a replica notes what it is at", "[supervisor][hung]") {
  supervision_fixture fixture;
  std::vector<uint32_t> inside;
  auto control = std::make_shared<child_control>();
  auto nosy = [&](caf::event_based_actor*) -> caf::behavior {
    return {[&](int) { inside.push_back(control->progress_counter); }};
  };
  auto start = start_alone(make_replica_factory(nosy));
  auto handle = caf::actor_cast<caf::actor>(start(
    fixture.rig.system().dummy_execution_unit(), {nullptr, 0, 1, control}));
  for (int i = 0; i < 3; ++i) {
    caf::anon_send(handle, i);
    fixture.rig.run();
    CHECK(control->progress_counter % 2 == 0);
  }
  REQUIRE(inside.size() == 3);
  CHECK(inside[0] % 2 == 1);
  CHECK(inside[1] % 2 == 1);
  CHECK(inside[0] != inside[1]);
  CHECK(inside[1] != inside[2]);
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  fixture.rig.run();
}

TEST_CASE("another thread's work is not ended by the one before",
          "[supervisor][hung]") {
  child_control control;
  auto runner = [&] {
    detail::running_service result{nullptr, nullptr, nullptr, nullptr};
    result.control = &control;
    return result;
  };
  auto first = runner();
  auto second = runner();
  first.begin_work();
  first.beat();
  // The mailbox is empty, the next message is taken by another thread.
  second.begin_work();
  first.end_work();
  CHECK(control.progress_counter % 2 == 1);
  second.end_work();
  CHECK(control.progress_counter % 2 == 0);
  first.begin_work();
  second.begin_work();
  second.end_work();
  first.end_work();
  CHECK(control.progress_counter % 2 == 0);
}
