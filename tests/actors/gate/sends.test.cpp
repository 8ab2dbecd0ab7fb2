#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Plain sends: nobody waits for an answer, and yet none is lost.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

TEST_CASE("what a handler returns for a plain send comes back as a message",
          "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.sends(echo.handle(), 7);
  REQUIRE(alice.book().inbox.size() == 1);
  CHECK(alice.book().inbox[0].match_elements<int>());
  CHECK(alice.book().inbox[0].get_as<int>(0) == 7);
  CHECK(alice.book().senders[0] == echo.handle()->address());
  CHECK(alice.book().responses == 0);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("a handler that returns nothing sends nothing back", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.sends(echo.handle(), test::void_atom::value);
  CHECK(alice.book().inbox.empty());
  CHECK(fixture.room("echo").handled == std::vector{0});
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(fixture.all(event_kind::dead_letter).empty());
}

TEST_CASE("an error for a plain send is a dead letter, not the sender's death",
          "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  auto expected = [&]() -> std::string {
    SECTION("an error returned") {
      alice.sends(echo.handle(), test::fail_atom::value);
      return "invalid_argument: no such thing";
    }
    SECTION("an exception") {
      alice.sends(echo.handle(), test::boom_atom::value);
      return "std::runtime_error: boom";
    }
    SECTION("a message that the service does not know") {
      alice.sends(echo.handle(), 1.5);
      return "unexpected_message";
    }
    return "";
  }();
  if (expected.empty())
    return;
  auto letters = fixture.all(event_kind::dead_letter);
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].component == "/root/echo");
  CHECK(letters[0].reason == expected);
  CHECK(alice.book().inbox.empty());
  CHECK_FALSE(alice.ended());
  CHECK(test::open_requests(echo.gate) == 0);
  fixture.rig.advance(1s);
  CHECK(alice.asks<int>(echo.handle(), 8)->value == 8);
}

TEST_CASE("a request that the service does not know is answered so", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  auto answer = fixture.ask(echo.handle(), 1.5, 2.5);
  CHECK(answer->error == caf::sec::unexpected_message);
  CHECK(fixture.room("echo").incarnations == 1);
}

TEST_CASE("an anonymous send is served like any other", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  caf::anon_send(echo.handle(), 7);
  caf::anon_send(echo.handle(), test::void_atom::value);
  fixture.rig.run();
  CHECK(fixture.room("echo").handled == std::vector{7, 0});
  CHECK_FALSE(fixture.room("echo").senders[0]);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(fixture.all(event_kind::dead_letter).empty());
  SECTION("also when it crashes the service") {
    caf::anon_send(echo.handle(), test::boom_atom::value);
    caf::anon_send(echo.handle(), 8);
    fixture.rig.advance(1s);
    CHECK(fixture.room("echo").handled == std::vector{7, 0, 8});
    CHECK(fixture.all(event_kind::dead_letter).size() == 1);
    CHECK(test::open_requests(echo.gate) == 0);
  }
}

TEST_CASE("a plain send waits for a replica like a request", "[gate]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send(echo.handle(), 1);
    self->send(echo.handle(), test::boom_atom::value);
    self->send(echo.handle(), 2);
    self->send(echo.handle(), 3);
  });
  CHECK(echo.gate.status().waiting == 2);
  fixture.rig.advance(100ms);
  CHECK(fixture.room("echo").handled == std::vector{1, 2, 3});
  CHECK(alice.book().inbox.size() == 3);
}

TEST_CASE("a plain send that nobody can serve is a dead letter", "[gate]") {
  gate_fixture fixture;
  auto& lonely = fixture.gate("lonely");
  client alice{fixture.rig};
  alice.sends(lonely.handle(), 7);
  auto letters = fixture.all(event_kind::dead_letter);
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].reason == "lonely: no connected node offers it");
  CHECK_FALSE(alice.ended());
  CHECK(test::open_requests(lonely) == 0);
}

TEST_CASE("a plain send that is never answered leaves the books",
          "[gate][deadline]") {
  gate_fixture fixture;
  gate_options options;
  options.timeout = 5s;
  options.grace = 30s;
  auto& echo = fixture.work("echo", {options});
  client alice{fixture.rig};
  alice.sends(echo.handle(), test::drop_atom::value);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.rig.advance(34s);
  CHECK(echo.gate.status().in_flight == 1);
  fixture.rig.advance(2s);
  CHECK(echo.gate.status().in_flight == 0);
  CHECK(test::open_requests(echo.gate) == 0);
  CHECK(alice.book().inbox.empty());
  // It may have waited behind one that hangs: nobody else would tell.
  REQUIRE(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(fixture.all(event_kind::dead_letter)[0].reason
        == "echo: no answer before the deadline");
}
