#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <vector>

// Requests that are answered at their deadline before a replica came to them.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// A service whose replica awaits an answer of another one, and skips all else
/// until then.
struct awaiting {
  awaiting() {
    service_plan patient;
    patient.gate.timeout = 1min;
    auto& other = fixture.work("h", patient);
    service_plan plan;
    plan.bulkhead = pool;
    at = &fixture.work("g", plan);
    fixture.inside("g", [to = other.handle()](caf::event_based_actor* self) {
      self->request(to, caf::infinite, keep_atom::value, 1)
        .await([](int) {}, [](caf::error&) {});
    });
  }

  void go_on() { fixture.deliver("h", 0, 1); }

  const std::vector<int>& handled() { return fixture.room("g").handled; }

  gate_fixture fixture;
  bulwark::bulkhead pool = fixture.bulkhead("pool", permits(5));
  const service* at = nullptr;
};

} // namespace

TEST_CASE("what was answered in a mailbox is not handled any more",
          "[gate][deadline]") {
  awaiting g;
  auto late = g.fixture.ask(g.at->handle(), 7);
  g.fixture.rig.advance(4s);
  auto next = g.fixture.ask(g.at->handle(), 8);
  g.fixture.rig.advance(2s);
  CHECK(late->code() == errc::timed_out);
  CHECK(use(g.pool) == 2);
  g.go_on();
  CHECK(next->value == 8);
  CHECK(g.handled() == std::vector{8});
  CHECK(use(g.pool) == 0);
  CHECK(open_requests(g.at->gate) == 0);
}

TEST_CASE("what nobody has waited for since long is not handled either",
          "[gate][deadline]") {
  awaiting g;
  auto late = g.fixture.ask(g.at->handle(), 7);
  g.fixture.rig.advance(50s);
  CHECK(late->code() == errc::timed_out);
  g.go_on();
  CHECK(g.handled().empty());
  CHECK(g.fixture.ask(g.at->handle(), 8)->value == 8);
  CHECK(open_requests(g.at->gate) == 0);
}

TEST_CASE("a plain send has no deadline in a mailbox", "[gate][deadline]") {
  awaiting g;
  client alice{g.fixture.rig};
  alice.sends(g.at->handle(), 7);
  g.fixture.rig.advance(6s);
  g.go_on();
  CHECK(g.handled() == std::vector{7});
}

TEST_CASE("a client that waits shorter is answered sooner, never later",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& g = fixture.work("g");
  auto sooner =
    fixture.ask(g.handle(), call_options{.within = 1s}, keep_atom::value, 1);
  auto later =
    fixture.ask(g.handle(), call_options{.within = 1h}, keep_atom::value, 2);
  auto never = fixture.ask(g.handle(), call_options{.within = -1s}, 3);
  CHECK(never->value == 3);
  fixture.rig.advance(1s + 10ms);
  CHECK(sooner->code() == errc::timed_out);
  CHECK(later->open());
  fixture.rig.advance(4s);
  CHECK(later->code() == errc::timed_out);
}
