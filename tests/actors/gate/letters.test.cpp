#include "actors/gate/gate_fixture.hpp"

#include <bulwark/events/monitor_requests.hpp>

#include <catch2/catch.hpp>

// Dead letters: what was sent and will not be handled is kept, can be looked
// at, and can be sent again.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

dead_letter_list letters_of(gate_fixture& fixture,
                            const dead_letters_request& what = {}) {
  client clerk{fixture.rig};
  auto answer = clerk.asks<dead_letter_list>(fixture.letters.handle, what);
  REQUIRE(answer->value);
  return *answer->value;
}

template <class Request>
errc tell(gate_fixture& fixture, Request what) {
  client clerk{fixture.rig};
  auto answer = clerk.tells(fixture.letters.handle, what);
  REQUIRE_FALSE(answer->open());
  return answer->code();
}

} // namespace

TEST_CASE("a letter tells who sent what to whom, and why it is dead",
          "[gate][letters]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.sends(echo.handle(), test::boom_atom::value);
  auto list = letters_of(fixture);
  REQUIRE(list.letters.size() == 1);
  CHECK(list.kept == 1);
  CHECK(list.forgotten == 0);
  auto& letter = list.letters[0];
  CHECK(letter.id == 1);
  CHECK(letter.service == "echo");
  CHECK(letter.sender == to_string(alice.handle()->address()));
  CHECK(letter.type == "@atom");
  CHECK(letter.size == 8);
  CHECK(letter.text == "('boom')");
  CHECK(letter.reason == "std::runtime_error: boom");
  CHECK(letter.at == wall_time{1h});
  CHECK(letter.kept);
  auto events = fixture.all(event_kind::dead_letter);
  REQUIRE(events.size() == 1);
  CHECK(events[0].metadata == decltype(events[0].metadata){{"letter", "1"}});
}

TEST_CASE("every way to lose a send leaves its message", "[gate][letters]") {
  gate_fixture fixture;
  gate_options options;
  options.stash_messages = 1;
  options.stash_wait = 1s;
  client alice{fixture.rig};
  auto reason = [&]() -> std::string {
    SECTION("nobody offers the service") {
      alice.sends(fixture.gate("svc").handle(), 7, std::string{"x"});
      return "svc: no connected node offers it";
    }
    SECTION("too much waits") {
      auto& svc = fixture.gate("svc", options, 1);
      alice.sends(svc.handle(), 1);
      alice.sends(svc.handle(), 7, std::string{"x"});
      return "svc: no replica is up and too much waits already";
    }
    SECTION("no replica comes up") {
      auto& svc = fixture.gate("svc", options, 1);
      alice.sends(svc.handle(), 7, std::string{"x"});
      fixture.rig.advance(2s);
      return "svc: no replica was free for it in time";
    }
    SECTION("the service was stopped") {
      auto& svc = fixture.gate("svc", options, 1);
      alice.sends(svc.handle(), 7, std::string{"x"});
      svc.stop();
      fixture.rig.run();
      return "svc: was stopped";
    }
    SECTION("the service is stopped already") {
      auto& svc = fixture.gate("svc", options, 1);
      svc.stop();
      fixture.rig.run();
      alice.sends(svc.handle(), 7, std::string{"x"});
      return "svc: was stopped";
    }
    SECTION("the node drains") {
      auto& svc = fixture.gate("svc", options, 1);
      svc.drain();
      alice.sends(svc.handle(), 7, std::string{"x"});
      return "svc: its node drains and takes nothing new";
    }
    SECTION("the service does not know the message") {
      alice.sends(fixture.work("svc").handle(), 7, std::string{"x"});
      return "unexpected_message";
    }
    return "";
  }();
  if (reason.empty())
    return;
  auto list = letters_of(fixture);
  REQUIRE(list.letters.size() == 1);
  CHECK(list.letters[0].reason == reason);
  CHECK(list.letters[0].text == "(7, \"x\")");
  CHECK(list.letters[0].type == "@i32,@str");
  CHECK(list.letters[0].kept);
}

TEST_CASE("a request is answered and is no dead letter", "[gate][letters]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  CHECK(fixture.ask(echo.handle(), test::boom_atom::value)->code()
        == errc::service_crashed);
  CHECK(letters_of(fixture).letters.empty());
}

TEST_CASE("a letter that is sent again comes from who sent it first",
          "[gate][letters]") {
  gate_fixture fixture;
  auto& svc = fixture.gate("svc", {}, 1);
  client alice{fixture.rig};
  svc.replica_changed(0, {child_state::failed, 1, nullptr, {}});
  alice.sends(svc.handle(), 7);
  REQUIRE(letters_of(fixture).letters.size() == 1);
  auto replica = fixture.spawn_replica(svc, 0, 2, "room");
  fixture.change(svc, 0, child_state::up, 2, replica);
  CHECK(tell(fixture, resend_dead_letter{1}) == errc{});
  CHECK(fixture.room("room").handled == std::vector{7});
  CHECK(fixture.room("room").senders[0] == alice.handle()->address());
  CHECK(letters_of(fixture).letters.empty());
  CHECK(tell(fixture, resend_dead_letter{1}) == errc::not_found);
  REQUIRE(alice.book().inbox.size() == 1);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(replica),
                      caf::exit_reason::kill);
  fixture.rig.run();
}

TEST_CASE("a handler that writes on its message does not write on the letter",
          "[gate][letters]") {
  gate_fixture fixture;
  auto scribble = [](caf::event_based_actor*) -> caf::behavior {
    return {[](std::string& text) {
      text = "scribbled";
      throw std::runtime_error{"boom"};
    }};
  };
  auto& svc = fixture.serve("svc", make_replica_factory(scribble));
  client alice{fixture.rig};
  alice.sends(svc.handle(), std::string{"as sent"});
  CHECK(letters_of(fixture).letters.at(0).text == "(\"as sent\")");
}

TEST_CASE("what fails again is another letter", "[gate][letters]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  alice.sends(echo.handle(), call_options{.key = "k"}, test::boom_atom::value);
  fixture.rig.advance(1s);
  CHECK(tell(fixture, resend_dead_letter{1}) == errc{});
  auto list = letters_of(fixture);
  REQUIRE(list.letters.size() == 1);
  CHECK(list.letters[0].id == 2);
  CHECK(list.letters[0].text == "('boom')");
}

TEST_CASE("beyond the limits the oldest letters are forgotten, and counted",
          "[gate][letters]") {
  gate_fixture fixture; // Keeps 10 letters and 4096 bytes.
  auto& svc = fixture.gate("svc");
  client alice{fixture.rig};
  SECTION("by number") {
    for (int i = 1; i <= 25; ++i)
      alice.sends(svc.handle(), i);
    auto list = letters_of(fixture);
    CHECK(list.kept == 10);
    CHECK(list.forgotten == 15);
    CHECK(list.letters.front().id == 16);
    CHECK(tell(fixture, resend_dead_letter{15}) == errc::not_found);
  }
  SECTION("by bytes") {
    for (int i = 1; i <= 5; ++i)
      alice.sends(svc.handle(), std::string(1500, 'x'));
    auto list = letters_of(fixture);
    CHECK(list.kept == 2);
    CHECK(list.forgotten == 3);
  }
  SECTION("one that is too large is put down without its message") {
    alice.sends(svc.handle(), 1);
    alice.sends(svc.handle(), std::string(70'000, 'x'));
    auto list = letters_of(fixture);
    REQUIRE(list.kept == 2);
    CHECK_FALSE(list.letters[1].kept);
    CHECK(list.letters[1].text == "(too large to be printed)");
    CHECK(tell(fixture, resend_dead_letter{2}) == errc::not_found);
    CHECK(tell(fixture, discard_dead_letter{2}) == errc{});
    CHECK(letters_of(fixture).kept == 1);
  }
}

TEST_CASE("more letters at once than can be put down are counted",
          "[gate][letters]") {
  gate_fixture fixture;
  auto& svc = fixture.gate("svc");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (size_t i = 0; i < dead_letter_box::waiting_max + 7; ++i)
      self->send(svc.handle(), 1);
  });
  auto list = letters_of(fixture);
  CHECK(list.kept == 10);
  CHECK(list.kept + list.forgotten == dead_letter_box::waiting_max + 7);
}

TEST_CASE("letters are listed by service, from a number on",
          "[gate][letters]") {
  gate_fixture fixture;
  client alice{fixture.rig};
  for (int i = 0; i < 3; ++i) {
    alice.sends(fixture.gate("a" + std::to_string(i)).handle(), 1);
    alice.sends(fixture.gate("b" + std::to_string(i)).handle(),
                std::string{"t"});
  }
  CHECK(letters_of(fixture, {"b1", 0, 100}).letters.size() == 1);
  CHECK(letters_of(fixture, {"b1", 4, 100}).letters.empty());
  auto some = letters_of(fixture, {"", 2, 3}).letters;
  REQUIRE(some.size() == 3);
  CHECK(some[0].id == 3);
  CHECK(letters_of(fixture, {"", 0, 0}).letters.empty());
  CHECK(tell(fixture, discard_dead_letter{3}) == errc{});
  CHECK(tell(fixture, discard_dead_letter{3}) == errc::not_found);
  CHECK(tell(fixture, resend_dead_letter{99}) == errc::not_found);
}

TEST_CASE("long texts are cut, whole characters stay", "[gate][letters]") {
  gate_fixture fixture;
  auto& svc = fixture.gate("svc");
  client alice{fixture.rig};
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "\xC3\xA4";
  alice.sends(svc.handle(), text);
  auto letter = letters_of(fixture).letters.at(0);
  CHECK(letter.text.size() <= dead_letter::text_max);
  CHECK(letter.text.size() >= dead_letter::text_max - 1);
  CHECK(letter.text.substr(letter.text.size() - 2) == "\xC3\xA4");
}

TEST_CASE("nobody can end the keeper by a message", "[gate][letters]") {
  gate_fixture fixture;
  auto& svc = fixture.gate("svc");
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->send_exit(fixture.letters.handle, caf::exit_reason::kill);
    self->send(fixture.letters.handle, 7);
  });
  alice.sends(svc.handle(), 1);
  CHECK(letters_of(fixture).kept == 1);
}
