#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;
using test::keep_atom;
using test::service_plan;

// What comes back from a dead replica lines up for a permit anew, behind what
// waited meanwhile, and gets the permit of one that came to its gate later. Not
// so if the two were for different tenants, also where tenants do not take
// turns: a client's second request was handled before its first.
TEST_CASE("who came back goes first where tenants do not take turns",
          "[gate][bulkhead]") {
  gate_fixture fixture;
  service_plan plan;
  plan.bulkhead =
    fixture.bulkhead("b", {.capacity = 2, .queue = 10, .queue_timeout = 4s});
  auto& service = fixture.work("s", plan);
  auto& neighbour = fixture.work("t", plan);
  client alice{fixture.rig};
  auto held = fixture.ask(neighbour.handle(), keep_atom::value, 10);
  auto first = alice.asks<int>(
    service.handle(), call_options{.idempotent = true}, keep_atom::value, 1);
  auto next = fixture.ask(neighbour.handle(), keep_atom::value, 11);
  auto second = alice.asks<int>(
    service.handle(), call_options{.tenant = "other"}, keep_atom::value, 2);
  REQUIRE(fixture.room("s").handled == std::vector{1});
  caf::anon_send_exit(fixture.room("s").replica, caf::exit_reason::kill);
  fixture.rig.advance(1s);
  REQUIRE(fixture.room("t").handled == std::vector{10, 11});
  REQUIRE(fixture.room("s").handled == std::vector{1});
  fixture.deliver("t", 0, 7);
  CHECK(fixture.room("s").handled == std::vector{1, 1});
  fixture.deliver("t", 1, 7);
  CHECK(fixture.room("s").handled == std::vector{1, 1, 2});
  fixture.deliver("s", 1, 8);
  fixture.deliver("s", 2, 9);
  CHECK(first->value == 8);
  CHECK(second->value == 9);
  CHECK(test::open_requests(service.gate) == 0);
}
