#include "actors/gate/gate_fixture.hpp"

#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <catch2/catch.hpp>

// Several replicas behind one gate.

using namespace bulwark;
using namespace std::chrono_literals;
using test::gate_fixture;

namespace {

using loads = std::shared_ptr<std::map<caf::actor_id, int>>;

/// Keeps every request and counts by replica.
caf::behavior keeper(caf::event_based_actor* self, loads seen) {
  return {
    [=](int) {
      ++(*seen)[self->id()];
      return caf::delegated<int>{};
    },
    [](test::boom_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

} // namespace

TEST_CASE("the less loaded of two replicas gets the request", "[gate]") {
  gate_fixture fixture;
  auto seen = std::make_shared<std::map<caf::actor_id, int>>();
  test::service_plan plan;
  plan.replicas = 2;
  auto& service = fixture.serve("s", make_replica_factory(keeper, seen), plan);
  CHECK(service.gate.status().replicas_up == 2);
  // With two of them there is no chance in it, other than who is first.
  for (int i = 1; i <= 20; ++i) {
    fixture.ask(service.handle(), i);
    if (i % 2 != 0)
      continue;
    REQUIRE(seen->size() == 2);
    CHECK(seen->begin()->second == i / 2);
  }
  CHECK(service.gate.status().in_flight == 20);
}

TEST_CASE("among many replicas none is left out and none is overrun",
          "[gate]") {
  gate_fixture fixture;
  auto seen = std::make_shared<std::map<caf::actor_id, int>>();
  test::service_plan plan;
  plan.replicas = 5;
  auto& service = fixture.serve("s", make_replica_factory(keeper, seen), plan);
  for (int i = 0; i < 500; ++i)
    fixture.ask(service.handle(), i);
  REQUIRE(seen->size() == 5);
  for (auto& [id, count] : *seen) {
    CHECK(count >= 80);
    CHECK(count <= 120);
  }
}

TEST_CASE("while one replica restarts the others serve", "[gate][crash]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  auto asked = fixture.ask(echo.handle(), test::boom_atom::value);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(echo.gate.status().replicas_up == 1);
  CHECK(echo.gate.status().state == service_state::up);
  for (int i = 0; i < 10; ++i)
    CHECK(fixture.ask(echo.handle(), i)->value == i);
  fixture.rig.advance(100ms);
  CHECK(echo.gate.status().replicas_up == 2);
}

TEST_CASE("what waited for a dead replica is served by another one at once",
          "[gate][crash]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.replicas = 2;
  auto& echo = fixture.work("echo", plan);
  test::client alice{fixture.rig};
  int values = 0;
  int errors = 0;
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 0; i < 20; ++i) {
      auto on_value = [&](int) { ++values; };
      auto on_error = [&](caf::error&) { ++errors; };
      if (i == 4)
        self->request(echo.handle(), caf::infinite, test::boom_atom::value)
          .then(on_value, on_error);
      else
        self->request(echo.handle(), caf::infinite, i).then(on_value, on_error);
    }
  });
  CHECK(values == 19);
  CHECK(errors == 1);
  CHECK(alice.book().responses == 20);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("a gate without replicas and peers says so at once", "[gate]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("lonely");
  auto asked = fixture.ask(gate.handle(), 1);
  CHECK(asked->code() == errc::unreachable);
  CHECK(describe(asked->error) == "lonely: no connected node offers it");
  CHECK(gate.status().state == service_state::unreachable);
  CHECK(test::open_requests(gate) == 0);
}

// A supervisor that forgot a child began to count its incarnations anew, and
// the gate took the new replica for one that had died already.
TEST_CASE("a replica that was deleted and added again gets requests",
          "[gate]") {
  gate_fixture fixture;
  auto& service = fixture.work("s");
  auto spec =
    *fixture.ask<child_spec>(service.supervisor, child_spec_request{"s#1"})
       ->value;
  fixture.ask<caf::unit_t>(service.supervisor, terminate_child{"s#1"});
  fixture.ask<caf::unit_t>(service.supervisor, delete_child{"s#1"});
  auto added = fixture.ask<child_info>(service.supervisor, start_child{spec});
  REQUIRE(added->value);
  CHECK(added->value->incarnation == 2);
  CHECK(fixture.ask(service.handle(), 7)->value == 7);
}

// The gate hears of an abandoned replica by a message; when the next one had
// died by then, it took the abandoned one for dead and left its slot open.
TEST_CASE("an abandoned replica gets nothing, though the next one is dead",
          "[gate]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  auto stuck = fixture.spawn_replica(gate, 0, 1, "stuck");
  fixture.change(gate, 0, child_state::up, 1, stuck);
  auto kept = fixture.ask(gate.handle(), test::keep_atom::value, 1);
  auto next = fixture.spawn_replica(gate, 0, 2, "next");
  caf::anon_send_exit(next, caf::exit_reason::kill);
  fixture.rig.run();
  fixture.change(gate, 0, child_state::abandoned, 1);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(gate.status().replicas_up == 0);
  CHECK(test::open_requests(gate) == 0);
}

// One that hangs is told to end before it is abandoned. With its slot closed by
// that, what it had was left to the deadline.
TEST_CASE("an abandoned replica is answered for, though the next one is dead",
          "[gate]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  auto stuck = fixture.spawn_replica(gate, 0, 1, "stuck");
  fixture.change(gate, 0, child_state::up, 1, stuck);
  auto kept = fixture.ask(gate.handle(), test::keep_atom::value, 1);
  fixture.change(gate, 0, child_state::stopping, 1);
  auto next = fixture.spawn_replica(gate, 0, 2, "next");
  caf::anon_send_exit(next, caf::exit_reason::kill);
  fixture.rig.run();
  fixture.change(gate, 0, child_state::abandoned, 1);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(test::open_requests(gate) == 0);
}
