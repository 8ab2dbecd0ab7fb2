#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/envelope.hpp>

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

// When a gate wakes up, and how many timers it has in CAF's clock for that:
// what is there once cannot be taken out.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

size_t timers(gate_fixture& fixture) {
  auto& all = dynamic_cast<caf::scheduler::test_coordinator&>(
    fixture.rig.system().scheduler());
  return all.clock().schedule().size();
}

} // namespace

TEST_CASE("a near deadline does not multiply the timers of a far one",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 1s));
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1h;
  auto& s = fixture.work("s", plan);
  auto before = timers(fixture);
  auto far = fixture.ask(s.handle(), keep_atom::value, 1);
  for (int i = 0; i < 100; ++i) {
    auto near = fixture.ask(s.handle(), 2);
    fixture.rig.advance(1010ms);
    CHECK(near->code() == errc::bulkhead_timeout);
    REQUIRE(timers(fixture) <= before + 3);
  }
  CHECK(far->open());
  fixture.rig.advance(1h);
  CHECK(far->code() == errc::timed_out);
}

// Another node says how long its client still waits.
TEST_CASE("deadlines that come ever nearer need few timers",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& s = fixture.work("s");
  client peer{fixture.rig};
  auto who = caf::actor_cast<caf::strong_actor_ptr>(peer.handle());
  auto before = timers(fixture);
  for (int i = 0; i < 400; ++i) {
    envelope what{std::chrono::microseconds{5s - i * 10ms}.count(),
                  {},
                  who,
                  caf::make_message(keep_atom::value, i)};
    fixture.forge(s.handle(), who, caf::make_message(std::move(what)),
                  caf::make_message_id(static_cast<uint64_t>(i) + 1));
  }
  CHECK(timers(fixture) <= before + 16);
  // Each is answered in its own time nevertheless.
  fixture.rig.advance(1005ms);
  for (int i = 0; i < 400; ++i) {
    CHECK(peer.book().responses == i);
    fixture.rig.advance(10ms);
  }
  CHECK(peer.book().responses == 400);
}

TEST_CASE("whoever waits for a replica instead of a permit is due earlier",
          "[gate][bulkhead][stash]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", permits(1, 10, 1min));
  service_plan plan{.restart = {.initial = 1h, .max = 1h, .jitter = 0},
                    .bulkhead = pool};
  plan.gate.timeout = 5min;
  plan.gate.stash_wait = 10s;
  auto& s = fixture.work("s", plan);
  auto& other = fixture.work("other", {.bulkhead = pool});
  SECTION("when it gets its permit while nobody is up") {
    auto held = fixture.ask(other.handle(), keep_atom::value, 1);
    auto waits = fixture.ask(s.handle(), 2);
    fixture.inside("s", [](caf::event_based_actor* self) {
      self->quit(caf::exit_reason::user_shutdown);
    });
    fixture.rig.advance(1s);
    auto start = fixture.rig.now();
    fixture.deliver("other", 0, 0);
    CHECK(use(pool) == 0);
    fixture.rig.advance(20s);
    CHECK(waits->code() == errc::stash_expired);
    CHECK(waits->at - start < 10010ms);
  }
  SECTION("when the one that has the permit dies") {
    fixture.ask(s.handle(), keep_atom::value, 1);
    auto waits = fixture.ask(s.handle(), 2);
    fixture.inside("s", [](caf::event_based_actor* self) {
      self->quit(caf::exit_reason::user_shutdown);
    });
    auto start = fixture.rig.now();
    fixture.rig.advance(20s);
    CHECK(waits->code() == errc::stash_expired);
    CHECK(waits->at - start < 10010ms);
  }
}
