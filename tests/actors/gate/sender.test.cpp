#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Whom the service sees, and whom the client sees.

using namespace bulwark;
using test::client;
using test::gate_fixture;

TEST_CASE("a service sees the client as the sender", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto answer = alice.asks<int>(echo.handle(), 7);
  CHECK(answer->value == 7);
  CHECK(fixture.room("echo").senders == std::vector{alice.handle()->address()});
}

TEST_CASE("the answer comes from the gate, once", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  SECTION("a value") {
    CHECK(alice.asks<int>(echo.handle(), 7)->from == echo.handle()->address());
  }
  SECTION("an error") {
    auto answer = alice.asks<int>(echo.handle(), test::fail_atom::value);
    CHECK(answer->error == caf::sec::invalid_argument);
    CHECK(describe(answer->error) == "invalid_argument: no such thing");
    CHECK(answer->from == echo.handle()->address());
  }
  SECTION("an exception") {
    auto answer = alice.asks<int>(echo.handle(), test::boom_atom::value);
    CHECK(answer->code() == errc::service_crashed);
    CHECK(describe(answer->error) == "std::runtime_error: boom");
    CHECK(answer->from == echo.handle()->address());
  }
  CHECK(alice.book().responses == 1);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("a service that keeps its client can reach it later", "[gate]") {
  gate_fixture fixture;
  auto push = [](caf::event_based_actor* self) -> caf::behavior {
    return {
      [=](int x) {
        auto to = caf::actor_cast<caf::actor>(self->current_sender());
        self->delayed_send(to, std::chrono::seconds{1}, x + 1);
        return x;
      },
    };
  };
  auto& news = fixture.serve("news", make_replica_factory(push));
  client alice{fixture.rig};
  CHECK(alice.asks<int>(news.handle(), 7)->value == 7);
  CHECK(alice.book().inbox.empty());
  fixture.rig.advance(std::chrono::seconds{1});
  REQUIRE(alice.book().inbox.size() == 1);
  CHECK(alice.book().inbox[0].get_as<int>(0) == 8);
}

TEST_CASE("a blocking client is answered like any other", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  caf::scoped_actor self{fixture.rig.system()};
  auto asked = self->request(echo.handle(), caf::infinite, 7);
  fixture.rig.run();
  int value = 0;
  asked.receive([&](int x) { value = x; }, [](caf::error&) {});
  CHECK(value == 7);
}

TEST_CASE("an urgent request overtakes what waits in the mailbox", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 3; ++i)
      self->request(echo.handle(), caf::infinite, i).then([](int) {});
    self->request<caf::message_priority::high>(echo.handle(), caf::infinite, 9)
      .then([](int) {});
  });
  CHECK(alice.book().responses == 4);
  CHECK(fixture.room("echo").handled == std::vector{9, 1, 2, 3});
}

TEST_CASE("of an id that claims to be a gate's nothing is believed",
          "[gate][hostile]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto to = caf::actor_cast<caf::strong_actor_ptr>(alice.handle());
  for (uint64_t low : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << 56) - 1}) {
    auto mid = caf::message_id{uint64_t{1} << 60 | uint64_t{7} << 57 | low};
    fixture.forge(echo.handle(), to, caf::make_message(5), mid);
  }
  CHECK(alice.book().responses == 3);
  CHECK(fixture.room("echo").handled.size() == 3);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(alice.asks<int>(echo.handle(), 7)->value == 7);
}

TEST_CASE("a client that dies while its request is in flight harms nobody",
          "[gate][hostile]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto asked = alice.asks<int>(echo.handle(), test::keep_atom::value, 1);
  caf::anon_send_exit(alice.handle(), caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(alice.ended());
  CHECK(echo.gate.status().in_flight == 1);
  SECTION("when it is answered") {
    fixture.deliver("echo", 0, 1);
  }
  SECTION("when the service dies too") {
    fixture.ask(echo.handle(), test::boom_atom::value);
    fixture.rig.advance(std::chrono::milliseconds{100});
  }
  fixture.rig.run();
  CHECK(asked->open());
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(fixture.ask(echo.handle(), 7)->value == 7);
}
