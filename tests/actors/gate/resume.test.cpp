#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Messages that fail alone: `failure_directive::resume`.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;
using test::service_plan;

namespace {

using become_atom = caf::atom_constant<caf::atom("become")>;
using quit_atom = caf::atom_constant<caf::atom("quit")>;
using unbecome_atom = caf::atom_constant<caf::atom("unbecome")>;
using odd_atom = caf::atom_constant<caf::atom("odd")>;
using bad_atom = caf::atom_constant<caf::atom("bad")>;
using wait_atom = caf::atom_constant<caf::atom("wait")>;

struct counting {
  int count = 0;
};

[[noreturn]] void bad() {
  throw std::invalid_argument{"bad"};
}

/// Counts what it is sent; what is bad is counted first, and thrown then.
caf::behavior counter(caf::stateful_actor<counting>* self,
                      const caf::actor& other) {
  caf::message_handler all{
    [=](int) { return ++self->state.count; },
    [=](bad_atom) -> int {
      ++self->state.count;
      bad();
    },
    [=](odd_atom) -> int { throw 7; },
    [=](quit_atom) -> int {
      self->quit(caf::exit_reason::user_shutdown);
      bad();
    },
    [=](unbecome_atom) -> int {
      self->unbecome();
      bad();
    },
    [=](wait_atom) {
      self->request(other, caf::infinite, 1).then([](int) { bad(); });
    },
  };
  return all.or_else([=](become_atom) {
    self->set_default_handler(caf::skip);
    self->become([=](bad_atom) -> int { bad(); },
                 [=](become_atom) {
                   self->become(all);
                   return self->state.count;
                 });
  });
}

service_plan resuming(std::string cause = "std::invalid_argument") {
  service_plan plan;
  plan.on_failure = {{std::move(cause), failure_directive::resume}};
  return plan;
}

const test::service& serve(gate_fixture& fixture, const service_plan& plan,
                           const caf::actor& other = {}) {
  return fixture.serve("c", make_replica_factory(counter, other), plan);
}

} // namespace

TEST_CASE("a message that fails alone leaves actor, state and mailbox",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming());
  client alice{fixture.rig};
  std::vector<int> values;
  std::vector<std::string> errors;
  alice.does([&](caf::event_based_actor* self) {
    auto note = [&](int x) { values.push_back(x); };
    auto fail = [&](caf::error& x) { errors.push_back(describe(x)); };
    for (int i = 0; i < 20; ++i) {
      self->request(service.handle(), caf::infinite, i).then(note, fail);
      self->request(service.handle(), caf::infinite, bad_atom::value)
        .then(note, fail);
    }
  });
  REQUIRE(values.size() == 20);
  for (size_t i = 0; i < values.size(); ++i)
    CHECK(values[i] == static_cast<int>(2 * i + 1));
  CHECK(errors == std::vector<std::string>(20, "std::invalid_argument: bad"));
  CHECK(fixture.all(event_kind::child_failed).empty());
  auto told = fixture.all(event_kind::message_failed);
  REQUIRE(told.size() == 1);
  CHECK(fixture.count(event_kind::message_failed) == 20);
  CHECK(told[0].component == "/root/c/c#1");
  CHECK(told[0].incarnation == 1);
  CHECK(told[0].reason == "std::invalid_argument: bad");
  CHECK(told[0].level == severity::low);
  CHECK(classify(told[0].kind) == event_class::change);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("a plain send that fails alone becomes a dead letter",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming());
  client alice{fixture.rig};
  alice.sends(service.handle(), bad_atom::value);
  CHECK_FALSE(alice.ended());
  auto letters = fixture.all(event_kind::dead_letter);
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].reason == "std::invalid_argument: bad");
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
  CHECK(fixture.ask(service.handle(), 1)->value == 2);
}

TEST_CASE("what no rule of resume fits ends the actor", "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming());
  auto asked = fixture.ask(service.handle(), odd_atom::value);
  CHECK(describe(asked->error) == "int");
  CHECK(fixture.all(event_kind::child_failed).size() == 1);
  CHECK(fixture.all(event_kind::message_failed).empty());
}

TEST_CASE("an empty cause covers all that can be thrown", "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming(""));
  CHECK(describe(fixture.ask(service.handle(), odd_atom::value)->error)
        == "int");
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(fixture.all(event_kind::child_failed).empty());
}

TEST_CASE("a response handler that throws fails alone", "[gate][resume]") {
  gate_fixture fixture;
  auto& other = fixture.work("w");
  auto& service = serve(fixture, resuming(), other.handle());
  client{fixture.rig}.sends(service.handle(), wait_atom::value);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(fixture.all(event_kind::child_failed).empty());
}

TEST_CASE("one that has quit, or has no behaviour left, ends all the same",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming(""));
  bool quits = GENERATE(true, false);
  auto asked = quits ? fixture.ask(service.handle(), quit_atom::value)
                     : fixture.ask(service.handle(), unbecome_atom::value);
  CHECK(asked->code() == errc::service_crashed);
  CHECK(fixture.all(event_kind::message_failed).empty());
  CHECK(fixture.all(event_kind::child_failed).size() == 1);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("an exception out of a default handler ends the actor",
          "[gate][resume]") {
  gate_fixture fixture;
  auto odd = [](caf::event_based_actor* self) -> caf::behavior {
    self->set_default_handler(
      [](caf::scheduled_actor*,
         caf::message_view&) -> caf::result<caf::message> { bad(); });
    return {[](int x) { return x; }};
  };
  auto& service = fixture.serve("o", make_replica_factory(odd), resuming(""));
  CHECK(fixture.ask(service.handle(), bad_atom::value)->code()
        == errc::service_crashed);
  CHECK(fixture.all(event_kind::message_failed).empty());
  fixture.rig.advance(1s);
  CHECK(fixture.ask(service.handle(), 1)->value == 1);
  CHECK(fixture.all(event_kind::child_restarted).size() == 1);
}

TEST_CASE("what was skipped is there after a message has failed",
          "[gate][resume]") {
  gate_fixture fixture;
  auto& service = serve(fixture, resuming());
  client alice{fixture.rig};
  alice.sends(service.handle(), become_atom::value);
  auto skipped = alice.asks<int>(service.handle(), 1);
  CHECK(skipped->open());
  CHECK(alice.asks<int>(service.handle(), bad_atom::value)->code()
        == errc::service_crashed);
  CHECK(skipped->open());
  CHECK(alice.asks<int>(service.handle(), become_atom::value)->value == 0);
  CHECK(skipped->value == 1);
}

TEST_CASE("a receive timeout goes on after a message has failed",
          "[gate][resume]") {
  gate_fixture fixture;
  auto fired = std::make_shared<int>(0);
  auto timed = [=](caf::event_based_actor*) -> caf::behavior {
    return {
      [](bad_atom) -> int { bad(); },
      caf::after(1s) >> [=] { ++*fired; },
    };
  };
  auto& service = fixture.serve("t", make_replica_factory(timed), resuming());
  fixture.rig.advance(900ms);
  fixture.ask(service.handle(), bad_atom::value);
  fixture.rig.advance(900ms);
  CHECK(*fired == 0);
  fixture.rig.advance(100ms);
  CHECK(*fired == 1);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
}

TEST_CASE("a failing start is a failure whatever the rules say",
          "[gate][resume]") {
  gate_fixture fixture;
  auto broken = [](caf::event_based_actor*) -> caf::behavior { bad(); };
  fixture.serve("b", make_replica_factory(broken), resuming(""));
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].failure == failure_type::start_failed);
  CHECK(fixture.all(event_kind::message_failed).empty());
}

TEST_CASE("what cannot be resumed is refused by name", "[gate][resume]") {
  gate_fixture fixture;
  auto blocking = [](caf::blocking_actor*) {};
  fixture.serve("b", make_replica_factory(blocking), resuming());
  auto failed = fixture.all(event_kind::child_failed);
  REQUIRE(failed.size() == 1);
  CHECK_THAT(failed[0].reason,
             Catch::Contains("child.on_failure says resume; it must not for a "
                             "blocking actor"));
  supervisor_settings inner;
  inner.path = "/root/s";
  auto spec = supervisor_child(inner);
  spec.on_failure = resuming().on_failure;
  supervisor_settings outer;
  outer.path = "/root";
  outer.children = {spec};
  CHECK_THAT(validate(outer).value_or(""),
             Catch::StartsWith("child.on_failure of s says resume; it must "
                               "not for a supervisor"));
}
