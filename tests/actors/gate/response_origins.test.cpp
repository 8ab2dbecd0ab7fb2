#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// What the answer to a service's own request belongs to: the request that the
// service handled when it asked.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;
using test::keep_atom;
using test::service_plan;

namespace {

/// Hands 0 on to the other one. For 1 it asks the other one, and throws when
/// that has answered, or has refused.
caf::behavior middle(caf::event_based_actor* self, const caf::actor& other) {
  auto fail = [] { throw std::runtime_error{"no"}; };
  return {[=](int x) -> caf::result<int> {
    if (x == 0) {
      self->delegate(other, keep_atom::value, x);
      return caf::delegated<int>{};
    }
    auto promise = self->make_response_promise<int>();
    self->request(other, caf::infinite, keep_atom::value, x)
      .then([=](int) { fail(); }, [=](const caf::error&) { fail(); });
    return promise;
  }};
}

const test::service& serve(gate_fixture& fixture, const caf::actor& other) {
  service_plan plan;
  plan.on_failure = {{"", failure_directive::resume}};
  return fixture.serve("middle", make_replica_factory(middle, other), plan);
}

} // namespace

// What is handed on goes by a number of the gate, which took the place of one
// of the service's own requests.
TEST_CASE("what a service hands on takes the place of nothing that it asks for",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& other = fixture.work("other");
  auto& service = serve(fixture, other.handle());
  auto asked = fixture.ask(service.handle(), 1);
  for (int i = 0; i < 600; ++i)
    fixture.ask(service.handle(), 0);
  REQUIRE(asked->open());
  fixture.deliver("other", 0, 7);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
}

TEST_CASE("the refusal of a request belongs to what it was made for",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& other = fixture.work("other");
  auto& service = serve(fixture, other.handle());
  other.gate.stop();
  fixture.rig.run();
  auto asked = fixture.ask(service.handle(), 1);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
}
