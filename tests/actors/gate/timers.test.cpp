#include "actors/gate/gate_stage.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/envelope.hpp>

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

// When a gate wakes up, and how many timers it has in CAF's clock for that:
// what is there once cannot be taken out.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

size_t timers(gate_stage& stage) {
  auto& all = dynamic_cast<caf::scheduler::test_coordinator&>(
    stage.rig.system().scheduler());
  return all.clock().schedule().size();
}

} // namespace

TEST_CASE("a near deadline does not multiply the timers of a far one",
          "[gate][deadline]") {
  gate_stage stage;
  auto& pool = stage.bulkhead("p", permits(1, 10, 1s));
  service_plan plan{.bulkhead = pool};
  plan.gate.timeout = 1h;
  auto& s = stage.work("s", plan);
  auto before = timers(stage);
  auto far = stage.ask(s.handle(), keep_atom::value, 1);
  for (int i = 0; i < 100; ++i) {
    auto near = stage.ask(s.handle(), 2);
    stage.rig.advance(1010ms);
    CHECK(near->code() == errc::bulkhead_timeout);
    REQUIRE(timers(stage) <= before + 3);
  }
  CHECK(far->open());
  stage.rig.advance(1h);
  CHECK(far->code() == errc::timed_out);
}

// Another node says how long its client still waits.
TEST_CASE("deadlines that come ever nearer need few timers",
          "[gate][deadline]") {
  gate_stage stage;
  auto& s = stage.work("s");
  client peer{stage.rig};
  auto who = caf::actor_cast<caf::strong_actor_ptr>(peer.handle());
  auto before = timers(stage);
  for (int i = 0; i < 400; ++i) {
    envelope what{std::chrono::microseconds{5s - i * 10ms}.count(),
                  {},
                  who,
                  caf::make_message(keep_atom::value, i)};
    stage.forge(s.handle(), who, caf::make_message(std::move(what)),
                caf::make_message_id(static_cast<uint64_t>(i) + 1));
  }
  CHECK(timers(stage) <= before + 16);
  // Each is answered in its own time nevertheless.
  stage.rig.advance(1005ms);
  for (int i = 0; i < 400; ++i) {
    CHECK(peer.book().responses == i);
    stage.rig.advance(10ms);
  }
  CHECK(peer.book().responses == 400);
}
