#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Services that pass a request on instead of answering it.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

/// Where a service passes numbers on to; set once it is known.
using target = std::shared_ptr<caf::actor>;

/// Passes a number on, less one; answers 0 itself.
caf::behavior passer(caf::event_based_actor* self, target next, int* handled) {
  return {
    [=](int x) -> caf::result<int> {
      ++*handled;
      if (x == 0)
        return 0;
      self->delegate(*next, x - 1);
      return caf::delegated<int>{};
    },
  };
}

/// A service that never comes to an end with it.
caf::behavior endless(caf::event_based_actor* self, target next, int* handled) {
  return {
    [=](int x) {
      ++*handled;
      return self->delegate(*next, x);
    },
  };
}

} // namespace

TEST_CASE("a service may pass a request on to another actor", "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto next = std::make_shared<caf::actor>(
    fixture.rig.system().spawn([](caf::event_based_actor*) -> caf::behavior {
      return {
        [](int x) { return x + 100; },
      };
    }));
  auto& front =
    fixture.serve("front", make_replica_factory(passer, next, &handled));
  client alice{fixture.rig};
  auto answer = alice.asks<int>(front.handle(), 8);
  CHECK(answer->value == 107);
  CHECK(answer->from == front.handle()->address());
  CHECK(alice.book().responses == 1);
  CHECK(front.gate.status().in_flight == 0);
  CHECK(test::open_requests(front.gate) == 0);
  *next = caf::actor{};
}

TEST_CASE("a service may pass a request on to another gate", "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto& back = fixture.work("back");
  auto next = std::make_shared<caf::actor>(back.handle());
  auto& front =
    fixture.serve("front", make_replica_factory(passer, next, &handled));
  client alice{fixture.rig};
  SECTION("a request") {
    auto answer = alice.asks<int>(front.handle(), 8);
    CHECK(answer->value == 7);
    CHECK(answer->from == front.handle()->address());
    CHECK(alice.book().responses == 1);
    CHECK(fixture.room("back").senders
          == std::vector{alice.handle()->address()});
  }
  SECTION("a plain send") {
    alice.sends(front.handle(), 8);
    REQUIRE(alice.book().inbox.size() == 1);
    CHECK(alice.book().inbox[0].get_as<int>(0) == 7);
    CHECK(alice.book().senders[0] == front.handle()->address());
  }
  SECTION("an anonymous send") {
    caf::anon_send(front.handle(), 8);
    fixture.rig.run();
    CHECK(fixture.room("back").handled == std::vector{7});
  }
  CHECK(front.gate.status().in_flight == 0);
  CHECK(back.gate.status().in_flight == 0);
  CHECK(test::open_requests(front.gate) == 0);
  CHECK(test::open_requests(back.gate) == 0);
}

TEST_CASE("a refusal by the second gate passes the first one on its way",
          "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto next = std::make_shared<caf::actor>(fixture.gate("lonely").handle());
  auto& front =
    fixture.serve("front", make_replica_factory(passer, next, &handled));
  client alice{fixture.rig};
  SECTION("of a request") {
    auto answer = alice.asks<int>(front.handle(), 8);
    CHECK(answer->code() == errc::unreachable);
    CHECK(answer->from == front.handle()->address());
  }
  SECTION("of a plain send") {
    alice.sends(front.handle(), 8);
    CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  }
  SECTION("of an anonymous send") {
    caf::anon_send(front.handle(), 8);
    fixture.rig.run();
    CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  }
  CHECK(handled == 1);
  CHECK_FALSE(alice.ended());
  CHECK(front.gate.status().in_flight == 0);
  CHECK(test::open_requests(front.gate) == 0);
}

TEST_CASE("a service may pass a request on to its own gate", "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto next = std::make_shared<caf::actor>();
  auto replicas = GENERATE(1, 3);
  test::service_plan plan;
  plan.replicas = static_cast<size_t>(replicas);
  auto& loop =
    fixture.serve("loop", make_replica_factory(passer, next, &handled), plan);
  *next = loop.handle();
  client alice{fixture.rig};
  CHECK(alice.asks<int>(loop.handle(), 50)->value == 0);
  CHECK(handled == 51);
  CHECK(alice.book().responses == 1);
  CHECK(loop.gate.status().in_flight == 0);
  CHECK(test::open_requests(loop.gate) == 0);
  *next = caf::actor{};
}

TEST_CASE("a request hops as often as the limit says and no more", "[gate]") {
  gate_fixture fixture;
  auto limit = GENERATE(1, 3, 64);
  test::service_plan plan;
  plan.gate.hop_limit = static_cast<uint8_t>(limit);
  int handled = 0;
  auto next = std::make_shared<caf::actor>();
  auto& loop =
    fixture.serve("loop", make_replica_factory(passer, next, &handled), plan);
  *next = loop.handle();
  CHECK(fixture.ask(loop.handle(), limit)->value == 0);
  auto answer = fixture.ask(loop.handle(), limit + 1);
  CHECK(answer->code() == errc::too_many_hops);
  CHECK(loop.gate.status().in_flight == 0);
  CHECK(test::open_requests(loop.gate) == 0);
  *next = caf::actor{};
}

TEST_CASE("two services that pass a request to and fro come to an end",
          "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto to_a = std::make_shared<caf::actor>();
  auto to_b = std::make_shared<caf::actor>();
  auto& a = fixture.serve("a", make_replica_factory(endless, to_b, &handled));
  auto& b = fixture.serve("b", make_replica_factory(endless, to_a, &handled));
  *to_a = a.handle();
  *to_b = b.handle();
  client alice{fixture.rig};
  SECTION("a request") {
    auto answer = alice.asks<int>(a.handle(), 1);
    CHECK(answer->code() == errc::too_many_hops);
    CHECK(alice.book().responses == 1);
  }
  SECTION("a plain send") {
    alice.sends(a.handle(), 1);
    CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  }
  CHECK(handled == 65);
  CHECK(a.gate.status().in_flight == 0);
  CHECK(b.gate.status().in_flight == 0);
  CHECK(test::open_requests(a.gate) == 0);
  CHECK(test::open_requests(b.gate) == 0);
  *to_a = *to_b = caf::actor{};
}

TEST_CASE("a request that goes to and fro and ends is answered", "[gate]") {
  gate_fixture fixture;
  int handled = 0;
  auto to_a = std::make_shared<caf::actor>();
  auto to_b = std::make_shared<caf::actor>();
  auto& a = fixture.serve("a", make_replica_factory(passer, to_b, &handled));
  auto& b = fixture.serve("b", make_replica_factory(passer, to_a, &handled));
  *to_a = a.handle();
  *to_b = b.handle();
  auto answer = fixture.ask(a.handle(), 20);
  CHECK(answer->value == 0);
  CHECK(handled == 21);
  CHECK(test::open_requests(a.gate) == 0);
  CHECK(test::open_requests(b.gate) == 0);
  *to_a = *to_b = caf::actor{};
}

TEST_CASE("a request whose deadline passes on its way to its own gate is gone",
          "[gate][deadline]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto asked = fixture.ask(echo.handle(), test::keep_atom::value, 1);
  fixture.rig.advance(6s);
  CHECK(asked->code() == errc::timed_out);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.inside("echo", [&](caf::event_based_actor*) {
    fixture.room("echo").kept.at(0).delegate(echo.handle(), 2);
  });
  CHECK(fixture.room("echo").handled == std::vector{1});
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
}
