#include "actors/gate/gate_fixture.hpp"

#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <catch2/catch.hpp>

#include <random>

// What a gate lets clients expect follows what it was told, not what it has
// come to: its mailbox may hold some changes still.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

/// Tells of replica 0, and runs nothing.
void tell(const gate& at, child_state state, uint64_t incarnation = 1,
          child_next next = child_next::open) {
  at.replica_changed(0, {state, incarnation, nullptr, {}, next});
}

/// Sends without running anything; returns whether the message waits now.
bool waits(const gate& at, int what) {
  auto before = at.status().waiting;
  caf::anon_send(at.handle(), what);
  return at.status().waiting > before;
}

/// Asks a service for something as soon as its supervisor has answered.
template <class Request>
int first_after(gate_fixture& fixture, const test::service& service,
                Request what, std::mt19937_64& rng) {
  auto result = std::make_shared<int>(0);
  client operator_{fixture.rig};
  caf::anon_send(operator_.handle(), test::task{[=, &service](auto* self) {
                   self->request(service.supervisor, caf::infinite, what)
                     .then([=, &service](const child_info&) {
                       self->request(service.handle(), caf::infinite, 7)
                         .then([=](int x) { *result = x; },
                               [=](caf::error&) {});
                     });
                 }});
  fixture.rig.run_seeded(rng);
  return *result;
}

} // namespace

// The gate had not come to the change yet, and said that the service was
// stopped.
TEST_CASE("who is told that a replica is up again may ask it at once",
          "[gate][expected_state]") {
  auto seed = GENERATE(range(uint64_t{0}, uint64_t{50}));
  CAPTURE(seed);
  std::mt19937_64 rng{seed};
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto spec =
    *fixture.ask<child_spec>(echo.supervisor, child_spec_request{"echo#1"})
       ->value;
  fixture.ask<caf::unit_t>(echo.supervisor, terminate_child{"echo#1"});
  REQUIRE(fixture.ask(echo.handle(), 1)->code() == errc::stopped);
  CHECK(first_after(fixture, echo, restart_child{"echo#1"}, rng) == 7);
  fixture.ask<caf::unit_t>(echo.supervisor, terminate_child{"echo#1"});
  fixture.ask<caf::unit_t>(echo.supervisor, delete_child{"echo#1"});
  REQUIRE(fixture.ask(echo.handle(), 1)->code() == errc::stopped);
  CHECK(first_after(fixture, echo, start_child{spec}, rng) == 7);
}

TEST_CASE("hope counts at once, and no older change ends it",
          "[gate][expected_state]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  SECTION("stopped") {
    tell(gate, child_state::stopped);
  }
  SECTION("failed") {
    tell(gate, child_state::failed);
  }
  SECTION("forgotten") {
    tell(gate, child_state::stopped, 1, child_next::forgotten);
  }
  SECTION("abandoned") {
    tell(gate, child_state::abandoned);
  }
  SECTION("all of them") {
    gate.all_replicas_changed(child_state::failed);
  }
  tell(gate, child_state::starting, 2);
  CHECK(waits(gate, 1));
  CHECK(gate.status().state == service_state::restarting);
  fixture.rig.run();
  CHECK(gate.status().state == service_state::restarting);
  CHECK(waits(gate, 2));
  fixture.rig.run();
  auto fresh = fixture.spawn_replica(gate, 0, 2, "s");
  fixture.change(gate, 0, child_state::up, 2, fresh);
  CHECK(fixture.room("s").handled == std::vector{1, 2});
  CHECK(fixture.all(event_kind::dead_letter).empty());
}

TEST_CASE("no older change gives hope once there is none",
          "[gate][expected_state]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  REQUIRE(waits(gate, 1));
  auto stuck = fixture.spawn_replica(gate, 0, 1, "s");
  tell(gate, child_state::starting);
  // Opened when it is known to be abandoned already.
  gate.replica_changed(0, {child_state::up, 1, stuck, {}});
  tell(gate, child_state::abandoned);
  fixture.rig.run();
  CHECK(gate.status().replicas_up == 0);
  CHECK(gate.status().state == service_state::stopped);
  CHECK_FALSE(waits(gate, 2));
  CHECK(gate.status().waiting == 0);
}

TEST_CASE("hope for all is none for a replica that is forgotten",
          "[gate][expected_state]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  tell(gate, child_state::stopped, 1, child_next::forgotten);
  gate.all_replicas_changed(child_state::waiting);
  fixture.rig.run();
  CHECK(gate.status().replicas == 0);
  CHECK_FALSE(waits(gate, 1));
  // Unless it is announced again.
  tell(gate, child_state::stopped, 1, child_next::forgotten);
  gate.declare_replica(0);
  CHECK(waits(gate, 2));
  fixture.rig.run();
  CHECK(gate.status().replicas == 1);
  CHECK(gate.status().waiting == 1);
}

TEST_CASE("a peer is a hope before the gate comes to it",
          "[gate][expected_state][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("there");
  auto& gate = fixture.gate("s", {}, 1);
  gate.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  tell(gate, child_state::failed);
  CHECK(waits(gate, 1));
  fixture.rig.run();
  CHECK(fixture.room("there").handled == std::vector{1});
  gate.peer_down("beta");
  fixture.rig.advance(10s);
  CHECK_FALSE(waits(gate, 2));
  CHECK(gate.status().state == service_state::failed);
}

TEST_CASE("others are expected until all was told of them",
          "[gate][expected_state][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("there");
  auto& gate = fixture.gate("s");
  gate.peers_told(); // Nobody had asked.
  fixture.rig.run();
  CHECK_FALSE(waits(gate, 1));
  gate.expect_peers();
  gate.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  gate.peer_down("beta");
  fixture.rig.run();
  CHECK(waits(gate, 2));
  gate.peers_told();
  fixture.rig.run();
  // The one that was lost may come back.
  CHECK(gate.status().waiting == 1);
  fixture.rig.advance(10010ms);
  CHECK(gate.status().waiting == 0);
  CHECK(gate.status().state == service_state::unreachable);
}

TEST_CASE("an abandoned replica of which more follows leaves the hope as it is",
          "[gate][expected_state]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  tell(gate, child_state::abandoned, 1, child_next::more_follows);
  CHECK(waits(gate, 1));
  fixture.rig.run();
  CHECK(gate.status().waiting == 1);
  tell(gate, child_state::failed);
  tell(gate, child_state::abandoned, 1, child_next::more_follows);
  CHECK_FALSE(waits(gate, 2));
}

TEST_CASE("what waits is answered when the last hope is gone",
          "[gate][expected_state]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("s", {}, 1);
  auto code = errc::stopped;
  REQUIRE(waits(gate, 1));
  fixture.rig.run();
  SECTION("stopped") {
    tell(gate, child_state::stopped);
  }
  SECTION("forgotten") {
    tell(gate, child_state::stopped, 1, child_next::forgotten);
  }
  SECTION("abandoned") {
    tell(gate, child_state::abandoned);
  }
  SECTION("abandoned, and dead by then") {
    caf::anon_send_exit(fixture.spawn_replica(gate, 0, 1, "s"),
                        caf::exit_reason::kill);
    fixture.rig.run();
    tell(gate, child_state::abandoned);
  }
  SECTION("failed") {
    tell(gate, child_state::failed);
    code = errc::service_failed;
  }
  SECTION("all of them") {
    gate.all_replicas_changed(child_state::failed);
    code = errc::service_failed;
  }
  fixture.rig.run();
  CHECK(gate.status().waiting == 0);
  CHECK(test::open_requests(gate) == 0);
  CHECK(fixture.ask(gate.handle(), 2)->code() == code);
}
