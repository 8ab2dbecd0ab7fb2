#include "actors/gate/gate_stage.hpp"

#include <catch2/catch.hpp>

// What waits in the mailbox of a replica that dies and did not come through
// its gate. Only the gate's own messages may reach the next incarnation.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_stage;

namespace {

/// Runs `what` in the replica's own turn, before its next message.
void crash_with(gate_stage& stage, const std::string& room, const client& who,
                const std::function<void(caf::event_based_actor*)>& what) {
  who.does([&stage, room, what](caf::event_based_actor* self) {
    self->send(stage.room(room).replica, test::boom_atom::value);
    what(self);
  });
}

} // namespace

TEST_CASE("a request that went around the gate bounces", "[gate][crash]") {
  gate_stage stage;
  auto& echo = stage.work("echo");
  client alice{stage.rig};
  caf::error error;
  crash_with(stage, "echo", alice, [&](caf::event_based_actor* self) {
    self->request(stage.room("echo").replica, caf::infinite, 1)
      .then([](int) {}, [&](caf::error& x) { error = x; });
    self->send(stage.room("echo").replica, 2);
  });
  CHECK(error == caf::sec::request_receiver_down);
  CHECK(alice.book().responses == 1);
  stage.rig.advance(1s);
  CHECK(stage.room("echo").incarnations == 2);
  CHECK(stage.room("echo").handled.empty());
  CHECK(echo.gate.status().waiting == 0);
}

TEST_CASE("timers and responses of the dead never reach the next one",
          "[gate][crash]") {
  gate_stage stage;
  std::vector<std::string> seen;
  auto& back = stage.work("back");
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
  auto& front = stage.serve("front", make_replica_factory(service));
  client alice{stage.rig};
  std::vector<int> values;
  alice.does([&](caf::event_based_actor* self) {
    self->request(front.handle(), caf::infinite, 1).then([&](int x) {
      values.push_back(x);
    });
    self->send(front.handle(), test::boom_atom::value);
  });
  CHECK(values == std::vector{1});
  stage.deliver("back", 0, 1);
  stage.rig.advance(10s);
  CHECK(seen.empty());
  CHECK(test::on_the_books(front.gate) == 0);
  CHECK(test::on_the_books(back.gate) == 0);
}

TEST_CASE("what another gate tracks is answered to that gate",
          "[gate][crash]") {
  gate_stage stage;
  auto& back = stage.work("back");
  auto pass = [&stage](caf::event_based_actor* self) -> caf::behavior {
    return {
      [&stage, self](int x) {
        // To the replica itself, around its gate.
        return self->delegate(stage.room("back").replica, x);
      },
    };
  };
  auto& front = stage.serve("front", make_replica_factory(pass));
  client alice{stage.rig};
  client bob{stage.rig};
  // An entry with the same name in the books of the other gate.
  auto kept = bob.asks<int>(back.handle(), test::keep_atom::value, 1);
  caf::error error;
  alice.does([&](caf::event_based_actor* self) {
    // The front replica runs before the back replica gets the poison, which
    // is ahead of what the front replica passes on.
    self->request(front.handle(), caf::infinite, 7)
      .then([](int) {}, [&](caf::error& x) { error = x; });
    self->send(stage.room("back").replica, test::boom_atom::value);
  });
  CHECK(error == caf::sec::request_receiver_down);
  CHECK(alice.book().responses == 1);
  stage.rig.advance(1s);
  CHECK(kept->code() == errc::replica_lost);
  CHECK(bob.book().responses == 1);
  CHECK(back.gate.status().in_flight == 0);
  CHECK(test::on_the_books(back.gate) == 0);
  CHECK(front.gate.status().in_flight == 0);
  CHECK(test::on_the_books(front.gate) == 0);
}
