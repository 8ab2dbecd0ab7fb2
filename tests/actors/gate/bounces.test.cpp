#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// What waits in the mailbox of a replica that dies and did not come through
// its gate. Only the gate's own messages may reach the next incarnation.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

/// Runs `what` in the replica's own turn, before its next message.
void crash_with(gate_fixture& fixture, const std::string& room,
                const client& who,
                const std::function<void(caf::event_based_actor*)>& what) {
  who.does([&fixture, room, what](caf::event_based_actor* self) {
    self->send(fixture.room(room).replica, test::boom_atom::value);
    what(self);
  });
}

} // namespace

TEST_CASE("a request that went around the gate bounces", "[gate][crash]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  caf::error error;
  crash_with(fixture, "echo", alice, [&](caf::event_based_actor* self) {
    self->request(fixture.room("echo").replica, caf::infinite, 1)
      .then([](int) {}, [&](caf::error& x) { error = x; });
    self->send(fixture.room("echo").replica, 2);
  });
  CHECK(error == caf::sec::request_receiver_down);
  CHECK(alice.book().responses == 1);
  fixture.rig.advance(1s);
  CHECK(fixture.room("echo").incarnations == 2);
  CHECK(fixture.room("echo").handled.empty());
  CHECK(echo.gate.status().waiting == 0);
}

TEST_CASE("timers and responses of the dead never reach the next one",
          "[gate][crash]") {
  gate_fixture fixture;
  std::vector<std::string> seen;
  auto& back = fixture.work("back");
  auto service = [log = &seen, to = back.handle()](
                   caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](int x) {
        self->delayed_send(self, 1s, std::string{"timer"});
        self->send(self, std::string{"own"});
        self->request(to, caf::infinite, test::keep_atom::value, x)
          .then([=](int) { log->push_back("response"); },
                [=](caf::error&) { log->push_back("error"); });
        return x;
      },
      [](test::boom_atom) -> int { throw std::runtime_error{"boom"}; },
      [=](const std::string& x) { log->push_back(x); },
    };
  };
  auto& front = fixture.serve("front", make_replica_factory(service));
  client alice{fixture.rig};
  std::vector<int> values;
  alice.does([&](caf::event_based_actor* self) {
    self->request(front.handle(), caf::infinite, 1).then([&](int x) {
      values.push_back(x);
    });
    self->send(front.handle(), test::boom_atom::value);
  });
  CHECK(values == std::vector{1});
  fixture.deliver("back", 0, 1);
  fixture.rig.advance(10s);
  CHECK(seen.empty());
  CHECK(test::open_requests(front.gate) == 0);
  CHECK(test::open_requests(back.gate) == 0);
}

TEST_CASE("what another gate tracks is answered to that gate",
          "[gate][crash]") {
  gate_fixture fixture;
  auto& back = fixture.work("back");
  auto pass = [&fixture](caf::event_based_actor* self) -> caf::behavior {
    return {
      [&fixture, self](int x) {
        // To the replica itself, around its gate.
        return self->delegate(fixture.room("back").replica, x);
      },
    };
  };
  auto& front = fixture.serve("front", make_replica_factory(pass));
  client alice{fixture.rig};
  client bob{fixture.rig};
  // An entry with the same name in the books of the other gate.
  auto kept = bob.asks<int>(back.handle(), test::keep_atom::value, 1);
  caf::error error;
  alice.does([&](caf::event_based_actor* self) {
    // The front replica runs before the back replica gets the poison, which
    // is ahead of what the front replica passes on.
    self->request(front.handle(), caf::infinite, 7)
      .then([](int) {}, [&](caf::error& x) { error = x; });
    self->send(fixture.room("back").replica, test::boom_atom::value);
  });
  CHECK(error == caf::sec::request_receiver_down);
  CHECK(alice.book().responses == 1);
  fixture.rig.advance(1s);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(bob.book().responses == 1);
  CHECK(back.gate.status().in_flight == 0);
  CHECK(test::open_requests(back.gate) == 0);
  CHECK(front.gate.status().in_flight == 0);
  CHECK(test::open_requests(front.gate) == 0);
}
