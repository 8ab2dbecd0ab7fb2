// A replica that never asked the clock for anything is not taken out of it
// when it ends; all others are, and all else happens as in CAF.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/detail/quiet_cleanup.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

struct own_cleanup : caf::event_based_actor {
  using caf::event_based_actor::event_based_actor;
  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override {
    return caf::event_based_actor::cleanup(std::move(reason), eu);
  }
};

static_assert(detail::ends_as_caf_does<caf::event_based_actor>);
static_assert(detail::ends_as_caf_does<caf::stateful_actor<int>>);
static_assert(detail::ends_as_caf_does<
              caf::typed_event_based_actor<caf::replies_to<bool>::with<bool>>>);
static_assert(!detail::ends_as_caf_does<own_cleanup>);

caf::behavior silent() {
  return {[](bool) { return caf::delegated<bool>{}; }};
}

/// Asks `other` what is never answered, if told so, and crashes.
caf::behavior worker(caf::event_based_actor* self, const caf::actor& other,
                     bool asks) {
  return {
    [=](bool x) {
      if (asks)
        self->request(other, 60min, x).then([](bool) {});
    },
    [](int) { throw std::runtime_error{"boom"}; },
  };
}

/// Returns how many timers fire after the worker's crash.
size_t timers_after_crash(bool asks) {
  // Before the fixture, which tells of children until its end.
  caf::actor_addr current;
  supervision_fixture fixture;
  auto other = fixture.rig.system().spawn(silent);
  child_spec spec;
  spec.id = "a";
  spec.start = start_alone(make_replica_factory(worker, other, asks));
  spec.on_change = [&](const child_change& change) {
    current = caf::actor_cast<caf::actor_addr>(change.handle);
  };
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  auto first = caf::actor_cast<caf::actor>(current);
  caf::anon_send(first, true);
  caf::anon_send(first, 1);
  fixture.rig.run();
  CHECK(fixture.ended(first));
  auto result = fixture.rig.advance(2h);
  CHECK(fixture.info(top, "a").incarnation == 2);
  caf::anon_send_exit(other, caf::exit_reason::user_shutdown);
  fixture.rig.run();
  return result;
}

} // namespace

TEST_CASE("the timeouts of a replica end with it", "[supervised]") {
  CHECK(timers_after_crash(true) == timers_after_crash(false));
}

TEST_CASE("a replica that ends quietly answers what waits, and is gone",
          "[supervised]") {
  caf::actor_addr current;
  supervision_fixture fixture;
  child_spec spec;
  spec.id = "a";
  spec.start = start_alone(
    make_replica_factory(worker, caf::actor{fixture.monitor.handle}, false));
  spec.on_change = [&](const child_change& change) {
    if (change.handle)
      current = caf::actor_cast<caf::actor_addr>(change.handle);
  };
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  auto running = fixture.rig.actors_running();
  auto first = caf::actor_cast<caf::actor>(current);
  caf::scoped_actor self{fixture.rig.system()};
  caf::anon_send(first, 1);
  auto waiting = self->request(first, caf::infinite, true);
  fixture.rig.run();
  auto later = self->request(first, caf::infinite, true);
  for (auto* each : {&waiting, &later}) {
    caf::error why;
    std::move(*each).receive([] {}, [&](caf::error& err) { why = err; });
    CHECK(why == caf::sec::request_receiver_down);
  }
  fixture.rig.advance(1s);
  CHECK(fixture.rig.actors_running() == running + 1);
  CHECK(fixture.info(top, "a").incarnation == 2);
}
