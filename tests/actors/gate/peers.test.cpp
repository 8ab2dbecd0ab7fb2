#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/envelope.hpp>

#include <catch2/catch.hpp>

// Two gates of one service that see each other as another node's.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

caf::strong_actor_ptr pointer_to(const caf::actor& who) {
  return caf::actor_cast<caf::strong_actor_ptr>(who);
}

void connect(gate_fixture& fixture, const gate& here, const std::string& name,
             const gate& there) {
  here.peer_up(name, pointer_to(there.handle()));
  fixture.rig.run();
}

void cut(gate_fixture& fixture, const gate& here, const std::string& name) {
  here.peer_down(name);
  fixture.rig.run();
}

} // namespace

TEST_CASE("a request is served by the peer that offers the service",
          "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo");
  connect(fixture, here, "beta", there.gate);
  CHECK(here.status().state == service_state::up);
  CHECK(here.status().peers_up == 1);
  client alice{fixture.rig};
  auto answer = alice.asks<int>(here.handle(), 7);
  CHECK(answer->value == 7);
  CHECK(answer->from == here.handle()->address());
  CHECK(fixture.room("echo").senders == std::vector{alice.handle()->address()});
  alice.sends(here.handle(), 8);
  REQUIRE(alice.book().inbox.size() == 1);
  CHECK(alice.book().inbox[0].get_as<int>(0) == 8);
  CHECK(alice.book().senders[0] == here.handle()->address());
  caf::anon_send(here.handle(), 9);
  fixture.rig.run();
  CHECK(fixture.room("echo").handled == std::vector{7, 8, 9});
  CHECK_FALSE(fixture.room("echo").senders[2]);
  CHECK(test::open_requests(here) == 0);
  CHECK(test::open_requests(there.gate) == 0);
}

TEST_CASE("errors of a peer's service come back as they are", "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo");
  connect(fixture, here, "beta", there.gate);
  client alice{fixture.rig};
  CHECK(alice.asks<int>(here.handle(), test::fail_atom::value)->error
        == caf::sec::invalid_argument);
  auto crash = alice.asks<int>(here.handle(), test::boom_atom::value);
  CHECK(crash->code() == errc::service_crashed);
  CHECK(describe(crash->error) == "std::runtime_error: boom");
  auto waits = alice.asks<int>(here.handle(), 1);
  CHECK(there.gate.status().waiting == 1);
  fixture.rig.advance(100ms);
  CHECK(waits->value == 1);
  CHECK(alice.asks<int>(here.handle(), 1.5)->error
        == caf::sec::unexpected_message);
  alice.sends(here.handle(), test::fail_atom::value);
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK_FALSE(alice.ended());
}

TEST_CASE("requests to a lost peer are answered within the same handler",
          "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo");
  connect(fixture, here, "beta", there.gate);
  client alice{fixture.rig};
  auto asked = alice.asks<int>(here.handle(), test::keep_atom::value, 1);
  alice.sends(here.handle(), test::keep_atom::value, 2);
  CHECK(here.status().in_flight == 2);
  auto before = fixture.rig.now();
  cut(fixture, here, "beta");
  CHECK(asked->code() == errc::unreachable);
  CHECK(describe(asked->error) == "echo: node beta was lost");
  CHECK(asked->at == before);
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(here.status().in_flight == 0);
  fixture.rig.advance(10s);
  CHECK(here.status().state == service_state::unreachable);
  CHECK(alice.asks<int>(here.handle(), 3)->code() == errc::unreachable);
  // What the lost one says later finds nobody.
  fixture.deliver("echo", 0, 1);
  fixture.deliver("echo", 1, 2);
  CHECK(alice.book().responses == 2);
  CHECK(alice.book().inbox.empty());
  connect(fixture, here, "beta", there.gate);
  CHECK(alice.asks<int>(here.handle(), 4)->value == 4);
  CHECK(test::open_requests(here) == 0);
}

TEST_CASE("a lost peer is lost once, and an unknown one is no harm",
          "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo");
  cut(fixture, here, "beta");
  connect(fixture, here, "beta", there.gate);
  connect(fixture, here, "beta", there.gate);
  CHECK(here.status().peers_up == 1);
  cut(fixture, here, "gamma");
  CHECK(here.status().peers_up == 1);
  cut(fixture, here, "beta");
  cut(fixture, here, "beta");
  CHECK(here.status().peers_up == 0);
}

TEST_CASE("more peers come and go than a gate holds at once", "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo");
  for (int i = 0; i < 100; ++i) {
    connect(fixture, here, "node" + std::to_string(i), there.gate);
    CHECK(fixture.ask(here.handle(), i)->value == i);
    cut(fixture, here, "node" + std::to_string(i));
  }
  for (int i = 0; i < 60; ++i)
    connect(fixture, here, "other" + std::to_string(i), there.gate);
  CHECK(here.status().peers_up == cluster_peers_max);
  CHECK(fixture.ask(here.handle(), 7)->value == 7);
}

TEST_CASE("own replicas go before peers, peers before waiting",
          "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("there");
  auto& here = fixture.work("here");
  connect(fixture, here.gate, "beta", there.gate);
  CHECK(fixture.ask(here.handle(), 1)->value == 1);
  CHECK(fixture.room("here").handled == std::vector{1});
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send(here.handle(), test::boom_atom::value);
    self->send(here.handle(), 2);
  });
  // What waited in the mailbox of the dead one is served by the peer too.
  CHECK(fixture.ask(here.handle(), 3)->value == 3);
  CHECK(fixture.room("there").handled == std::vector{2, 3});
  fixture.rig.advance(100ms);
  CHECK(fixture.ask(here.handle(), 4)->value == 4);
  CHECK(fixture.room("here").handled == std::vector{1, 4});
}

TEST_CASE("what waits goes to a peer that comes up", "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo", {}, 1);
  client alice{fixture.rig};
  auto first = alice.asks<int>(here.handle(), 1);
  auto second = alice.asks<int>(here.handle(), 2);
  CHECK(here.status().waiting == 2);
  connect(fixture, here, "beta", there.gate);
  CHECK(first->value == 1);
  CHECK(second->value == 2);
  CHECK(fixture.room("echo").handled == std::vector{1, 2});
  CHECK(here.status().waiting == 0);
}

TEST_CASE("what came from a peer never travels on", "[gate][peer]") {
  gate_fixture fixture;
  // Both have no replica and believe that the other one has.
  auto& left = fixture.gate("left", {}, 1);
  auto& right = fixture.gate("right", {}, 1);
  connect(fixture, left, "right", right);
  connect(fixture, right, "left", left);
  client alice{fixture.rig};
  auto asked = alice.asks<int>(left.handle(), 1);
  CHECK(asked->open());
  CHECK(right.status().waiting == 1);
  CHECK(left.status().in_flight == 1);
  SECTION("also when its wait is over") {
    fixture.rig.advance(6s);
    CHECK(asked->code() == errc::timed_out);
  }
  SECTION("also when no replica can be expected any more") {
    fixture.change(right, 0, child_state::failed, 1);
    CHECK(asked->code() == errc::service_failed);
  }
  SECTION("but is served by a replica that comes up") {
    fixture.change(right, 0, child_state::up, 1,
                   fixture.spawn_replica(right, 0, 1, "right"));
    CHECK(asked->value == 1);
  }
  CHECK(alice.book().responses == 1);
  fixture.rig.advance(1min);
  CHECK(left.status().in_flight == 0);
  CHECK(test::open_requests(left) == 0);
  CHECK(test::open_requests(right) == 0);
}

TEST_CASE("a peer without any replica refuses at once", "[gate][peer]") {
  gate_fixture fixture;
  auto& left = fixture.gate("left");
  auto& right = fixture.gate("right");
  connect(fixture, left, "right", right);
  connect(fixture, right, "left", left);
  auto asked = fixture.ask(left.handle(), 1);
  CHECK(asked->code() == errc::unreachable);
  CHECK(test::open_requests(left) == 0);
}

TEST_CASE("the time that is left travels along", "[gate][peer][deadline]") {
  gate_fixture fixture;
  gate_options hurried;
  hurried.timeout = 1s;
  auto& there = fixture.work("echo");
  auto& here = fixture.gate("echo", hurried);
  connect(fixture, here, "beta", there.gate);
  auto asked = fixture.ask(here.handle(), test::drop_atom::value);
  fixture.rig.advance(1010ms);
  CHECK(asked->code() == errc::timed_out);
  // The other gate, whose own limit is 5 s, has given up too.
  fixture.rig.advance(30s);
  CHECK(there.gate.status().in_flight == 0);
}

TEST_CASE("a service of a peer may pass a request on to its own gate",
          "[gate][peer]") {
  gate_fixture fixture;
  auto next = std::make_shared<caf::actor>();
  auto pass = [=](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](int x) -> caf::result<int> {
        if (x == 0)
          return 0;
        self->delegate(*next, x - 1);
        return caf::delegated<int>{};
      },
    };
  };
  auto& there = fixture.serve("s", make_replica_factory(pass));
  *next = there.handle();
  auto& here = fixture.gate("s");
  connect(fixture, here, "beta", there.gate);
  CHECK(fixture.ask(here.handle(), 10)->value == 0);
  CHECK(test::open_requests(here) == 0);
  CHECK(test::open_requests(there.gate) == 0);
  *next = caf::actor{};
}
