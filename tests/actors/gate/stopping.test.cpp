#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Draining, stopping, killing, and giving up on what cannot be killed.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;
using test::keep_atom;

TEST_CASE("a stopped gate answers everything, before and after",
          "[gate][stop]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto& empty = fixture.gate("empty", {}, 1);
  client alice{fixture.rig};
  auto kept = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  auto waiting = alice.asks<int>(empty.handle(), 1);
  alice.sends(empty.handle(), 2);
  echo.gate.stop();
  empty.stop();
  fixture.rig.run();
  CHECK(kept->code() == errc::stopped);
  CHECK(waiting->code() == errc::stopped);
  CHECK(describe(waiting->error) == "empty: was stopped");
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(echo.gate.status().state == service_state::stopped);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(test::open_requests(empty) == 0);
  for (int i = 0; i < 3; ++i)
    CHECK(alice.asks<int>(echo.handle(), i)->code() == errc::stopped);
  alice.sends(echo.handle(), 4);
  caf::anon_send(echo.handle(), 5);
  fixture.rig.run();
  CHECK(fixture.count(event_kind::dead_letter) == 3);
  // What comes back from the replica finds nobody.
  fixture.deliver("echo", 0, 1);
  fixture.rig.advance(1min);
  CHECK(alice.book().responses == 5);
  CHECK(alice.book().inbox.empty());
  CHECK(fixture.room("echo").handled == std::vector{1});
  CHECK_FALSE(alice.ended());
}

TEST_CASE("a gate may be stopped twice, drained late and told of the dead",
          "[gate][stop]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  echo.gate.stop();
  fixture.rig.run();
  echo.gate.stop();
  echo.gate.drain();
  auto replica = fixture.room("echo").replica;
  fixture.change(echo.gate, 0, child_state::up, 2,
                 caf::actor_cast<caf::strong_actor_ptr>(replica));
  caf::anon_send_exit(replica, caf::exit_reason::kill);
  fixture.rig.advance(1s);
  CHECK(fixture.ask(echo.handle(), 1)->code() == errc::stopped);
  CHECK(echo.gate.status().replicas_up == 0);
}

TEST_CASE("a gate that ends lets go of its replicas", "[gate][stop]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("g", {}, 1);
  auto replica = fixture.spawn_replica(gate, 0, 1, "g");
  fixture.change(gate, 0, child_state::up, 1, replica);
  fixture.room("g").replica = nullptr;
  caf::actor_addr address{replica.get(), true};
  replica.reset();
  CHECK(caf::actor_cast<caf::strong_actor_ptr>(address));
  SECTION("because it is stopped") {
    gate.stop();
    fixture.rig.run();
  }
  SECTION("because its system ends before it comes to a command to stop") {
    // What CAF's scheduler does to those that still have messages at its end.
    auto* self = caf::actor_cast<caf::abstract_actor*>(gate.handle());
    static_cast<caf::local_actor*>(self)->cleanup(
      caf::exit_reason::user_shutdown, nullptr);
  }
  CHECK_FALSE(caf::actor_cast<caf::strong_actor_ptr>(address));
}

TEST_CASE("who watches or links to a gate is told when it stops",
          "[gate][stop]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  client bob{fixture.rig};
  caf::error reason;
  alice.does(
    [&](caf::event_based_actor* self) { self->link_to(echo.handle()); });
  bob.does([&](caf::event_based_actor* self) {
    self->set_down_handler([&](caf::down_msg& x) { reason = x.reason; });
    self->monitor(echo.handle());
  });
  CHECK_FALSE(alice.ended());
  echo.gate.stop();
  fixture.rig.run();
  CHECK(alice.ended());
  CHECK(reason == caf::exit_reason::user_shutdown);
}

TEST_CASE("a draining gate refuses what is new", "[gate][drain]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto kept = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  echo.gate.drain();
  auto refused = alice.asks<int>(echo.handle(), 2);
  CHECK(refused->code() == errc::draining);
  alice.sends(echo.handle(), 3);
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.deliver("echo", 0, 1);
  CHECK(kept->value == 1);
  CHECK(echo.gate.status().in_flight == 0);
}

TEST_CASE("a draining gate lets in what services need for their old work",
          "[gate][drain]") {
  gate_fixture fixture;
  auto& back = fixture.work("back");
  auto front =
    [to = back.handle()](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](int x) {
        auto promise = self->make_response_promise<int>();
        self->request(to, caf::infinite, x)
          .then([=](int y) mutable { promise.deliver(y + 1); },
                [=](caf::error& err) mutable { promise.deliver(err); });
        return promise;
      },
    };
  };
  auto& at = fixture.serve("front", make_replica_factory(front));
  back.gate.drain();
  CHECK(fixture.ask(back.handle(), 7)->code() == errc::draining);
  CHECK(fixture.ask(at.handle(), 7)->value == 8);
}

TEST_CASE("a replica that is given up is answered for and replaced",
          "[gate][hung]") {
  gate_fixture fixture;
  auto& gate = fixture.gate("g", {}, 1);
  auto stuck = fixture.spawn_replica(gate, 0, 1, "g");
  fixture.change(gate, 0, child_state::up, 1, stuck);
  client alice{fixture.rig};
  auto in_hand = alice.asks<int>(gate.handle(), keep_atom::value, 1);
  fixture.change(gate, 0, child_state::abandoned, 1);
  CHECK(in_hand->code() == errc::replica_lost);
  CHECK(describe(in_hand->error)
        == "g: was with a replica that got stuck and was replaced");
  CHECK(gate.status().in_flight == 0);
  CHECK(gate.status().replicas_up == 0);
  fixture.change(gate, 0, child_state::starting, 2);
  auto waits = alice.asks<int>(gate.handle(), 2);
  CHECK(waits->open());
  fixture.change(gate, 0, child_state::up, 2,
                 fixture.spawn_replica(gate, 0, 2, "g"));
  CHECK(waits->value == 2);
  SECTION("what it says later is dropped") {
    fixture.deliver("g", 0, 9);
  }
  SECTION("and when it dies later nobody cares") {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(stuck),
                        caf::exit_reason::kill);
  }
  fixture.rig.run();
  CHECK(alice.book().responses == 2);
  CHECK(gate.status().replicas_up == 1);
  CHECK(fixture.ask(gate.handle(), 3)->value == 3);
  CHECK(test::open_requests(gate) == 0);
}

namespace {

/// Waits for an answer that never comes, and sees nothing else meanwhile.
caf::behavior awaiting(caf::event_based_actor* self, caf::actor silent,
                       std::vector<int>* handled) {
  return {
    [=](int x) {
      handled->push_back(x);
      self->request(silent, caf::infinite, test::drop_atom::value)
        .await([](int) {}, [](caf::error&) {});
      return x;
    },
  };
}

} // namespace

TEST_CASE("an actor that waits for an answer without end can be killed",
          "[gate][kill]") {
  gate_fixture fixture;
  auto silent =
    fixture.rig.system().spawn(test::worker, fixture.shared_room("silent"));
  std::vector<int> handled;
  auto& service =
    fixture.serve("s", make_replica_factory(awaiting, silent, &handled));
  client alice{fixture.rig};
  CHECK(alice.asks<int>(service.handle(), 1)->value == 1);
  auto waits = alice.asks<int>(service.handle(), 2);
  caf::error reason;
  service.supervisor->attach_functor([&](const caf::error& x) { reason = x; });
  fixture.stop(service.supervisor);
  fixture.rig.advance(5s - 1ms);
  CHECK(waits->open());
  // Its time to stop is over: the kill flag ends it, and CAF alone would not.
  fixture.rig.advance(10ms);
  CHECK(reason == caf::exit_reason::user_shutdown);
  CHECK(waits->code() == errc::stopped);
  CHECK(handled == std::vector{1});
  CHECK(fixture.all(event_kind::child_abandoned).empty());
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("a replica finishes what waits before it stops", "[gate][stop]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 5; ++i)
      self->request(echo.handle(), caf::infinite, i).then([](int) {});
  });
  fixture.stop(echo.supervisor);
  fixture.rig.advance(10s);
  CHECK(fixture.room("echo").handled == std::vector{1, 2, 3, 4, 5});
  CHECK(fixture.ask(echo.handle(), 6)->code() == errc::stopped);
}
