#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Answers that come later, twice, or never.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::drop_atom;
using test::gate_fixture;
using test::keep_atom;

TEST_CASE("a promise may be kept for later", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto late = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  CHECK(late->open());
  CHECK(alice.asks<int>(echo.handle(), 2)->value == 2);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.deliver("echo", 0, 11);
  CHECK(late->value == 11);
  CHECK(late->from == echo.handle()->address());
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("of two copies of a promise only the first answer counts", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto asked = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  // The second copy.
  auto& kept = fixture.room("echo").kept;
  kept.push_back(kept.at(0));
  fixture.room("echo").keepers.push_back(fixture.room("echo").replica);
  fixture.deliver("echo", 0, 11);
  SECTION("when the second one answers at once") {
    fixture.deliver("echo", 1, 12);
  }
  SECTION("when the entry is in use again") {
    auto next = fixture.ask(echo.handle(), keep_atom::value, 2);
    fixture.deliver("echo", 1, 12);
    CHECK(next->open());
    CHECK(echo.gate.status().in_flight == 1);
    fixture.deliver("echo", 2, 13);
    CHECK(next->value == 13);
  }
  SECTION("when it passes the request on to its own gate") {
    fixture.inside("echo", [&](caf::event_based_actor*) {
      kept.at(1).delegate(echo.handle(), 5);
    });
    CHECK(fixture.room("echo").handled == std::vector{1});
  }
  fixture.rig.run();
  CHECK(asked->value == 11);
  CHECK(alice.book().responses == 1);
  CHECK(alice.book().inbox.empty());
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(echo.gate.status().in_flight == 0);
}

TEST_CASE("two copies that both pass the request on give one answer",
          "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto asked = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  fixture.inside("echo", [&](caf::event_based_actor*) {
    auto first = fixture.room("echo").kept.at(0);
    auto second = first;
    first.delegate(echo.handle(), 5);
    second.delegate(echo.handle(), 6);
  });
  CHECK(asked->value == 5);
  CHECK(alice.book().responses == 1);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(echo.gate.status().in_flight == 0);
}

TEST_CASE("a dropped promise is answered at the deadline, its load comes back "
          "after the grace",
          "[gate][deadline]") {
  gate_fixture fixture;
  test::service_plan plan;
  plan.gate.timeout = 5s;
  plan.gate.grace = 30s;
  auto& echo = fixture.work("echo", plan);
  client alice{fixture.rig};
  auto start = fixture.rig.now();
  auto asked = alice.asks<int>(echo.handle(), drop_atom::value);
  fixture.rig.advance(5s - 1ms);
  CHECK(asked->open());
  fixture.rig.advance(10ms);
  CHECK(asked->code() == errc::timed_out);
  CHECK(describe(asked->error) == "echo: no answer before the deadline");
  CHECK(asked->at - start >= 5s);
  CHECK(asked->at - start <= 5s + 2ms);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.rig.advance(29s);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.rig.advance(2s);
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(alice.book().responses == 1);
}

TEST_CASE("an answer after the deadline is dropped and gives the load back",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto asked = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  fixture.rig.advance(6s);
  CHECK(asked->code() == errc::timed_out);
  fixture.deliver("echo", 0, 11);
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(alice.book().responses == 1);
  CHECK(alice.book().inbox.empty());
}

TEST_CASE("an answer after the grace changes nothing", "[gate][deadline]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto asked = alice.asks<int>(echo.handle(), keep_atom::value, 1);
  fixture.rig.advance(40s);
  auto next = fixture.ask(echo.handle(), keep_atom::value, 2);
  fixture.deliver("echo", 0, 11);
  CHECK(asked->code() == errc::timed_out);
  CHECK(next->open());
  CHECK(alice.book().responses == 1);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.deliver("echo", 1, 12);
  CHECK(next->value == 12);
}

TEST_CASE("promises of a service that dies are failed by its death", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto kept = fixture.ask(echo.handle(), keep_atom::value, 1);
  auto dropped = fixture.ask(echo.handle(), drop_atom::value);
  auto late = fixture.ask(echo.handle(), keep_atom::value, 2);
  SECTION("at once") {
    fixture.ask(echo.handle(), test::boom_atom::value);
    CHECK(kept->code() == errc::replica_lost);
    CHECK(dropped->code() == errc::replica_lost);
    CHECK(late->code() == errc::replica_lost);
  }
  SECTION("and their load comes back even when the client has its answer") {
    fixture.rig.advance(6s);
    CHECK(kept->code() == errc::timed_out);
    CHECK(echo.gate.status().in_flight == 3);
    fixture.ask(echo.handle(), test::boom_atom::value);
  }
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("a service that ends orderly says that it stopped", "[gate]") {
  gate_fixture fixture;
  auto quitter = [](caf::event_based_actor* self) -> caf::behavior {
    return {
      [](keep_atom) { return caf::delegated<int>{}; },
      [=](int x) {
        self->quit();
        return x;
      },
    };
  };
  test::service_plan plan;
  plan.restart.type = restart_type::temporary;
  auto& service = fixture.serve("q", make_replica_factory(quitter), plan);
  auto kept = fixture.ask(service.handle(), keep_atom::value);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(kept->code() == errc::stopped);
  CHECK(fixture.ask(service.handle(), 2)->code() == errc::stopped);
  CHECK(test::open_requests(service.gate) == 0);
}
