#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/gate_core.hpp>

#include <catch2/catch.hpp>

// Answers that pass a gate in the thread of a replica that crashes, but is not
// the one that the gate gave the request to.

using namespace bulwark;
using namespace std::chrono_literals;
using test::boom_atom;
using test::gate_fixture;

namespace {

const call_options again{.idempotent = true};

/// Passes on what it is sent.
caf::behavior pass(caf::event_based_actor* self,
                   const std::shared_ptr<caf::actor>& to) {
  return {[=](boom_atom x) {
    self->delegate(*to, x);
    return caf::delegated<int>{};
  }};
}

} // namespace

// The gate took it for the crash of its own replica and waited for a death
// that never came: the client was told nothing until its deadline, and the
// permit was kept for the grace on top.
TEST_CASE("a request that another service crashes on is answered at once",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("b", {.capacity = 1});
  auto& back = fixture.work("back");
  auto to = std::make_shared<caf::actor>();
  auto& front =
    fixture.serve("front", make_replica_factory(pass, to), {.bulkhead = pool});
  SECTION("behind its gate") {
    *to = back.handle();
  }
  SECTION("around its gate") {
    *to = fixture.room("back").replica;
  }
  auto asked = fixture.ask(front.handle(), again, boom_atom::value);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(describe(asked->error) == "std::runtime_error: boom");
  CHECK(front.gate.status().in_flight == 0);
  CHECK(test::open_requests(front.gate) == 0);
  *to = caf::actor{};
}

TEST_CASE("a request that another replica of the service crashes on is "
          "answered at once",
          "[gate][crash]") {
  gate_fixture fixture;
  auto to = std::make_shared<caf::actor>();
  auto both = [to](caf::event_based_actor* self) -> caf::behavior {
    auto first = std::make_shared<bool>(!*to);
    if (*first)
      *to = self;
    return {[=](boom_atom x) -> caf::result<int> {
      if (*first)
        throw std::runtime_error{"boom"};
      self->delegate(*to, x);
      return caf::delegated<int>{};
    }};
  };
  test::service_plan plan;
  plan.replicas = 2;
  auto& service = fixture.serve("s", make_replica_factory(both), plan);
  // The first one is left out.
  service.gate.core()->close_slot(0, 1);
  auto asked = fixture.ask(service.handle(), again, boom_atom::value);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(test::open_requests(service.gate) == 0);
  *to = caf::actor{};
}
