#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// Messages that fail alone, `failure_directive::resume`, after their handler
// made a promise: answered at once, with their permit.

using namespace bulwark;
using namespace std::chrono_literals;
using test::boom_atom;
using test::client;
using test::gate_fixture;
using test::keep_atom;
using test::service_plan;

namespace {

struct notes {
  std::vector<caf::typed_response_promise<int>> made;
  caf::actor replica;
};

/// Makes its promise, keeps it, and throws on 13; on 14 in the handler of a
/// response; on 15 in that of the response to a second request; on 16 when it
/// comes to what it sent itself; does not answer 17.
caf::behavior hasty(caf::event_based_actor* self, const caf::actor& other,
                    notes* log) {
  auto fail = [] { throw std::runtime_error{"no"}; };
  log->replica = self;
  return {
    [=](int x) -> caf::result<int> {
      auto promise = self->make_response_promise<int>();
      log->made.push_back(promise);
      if (x == 13)
        fail();
      if (x == 14)
        self->request(other, caf::infinite, 1).then([=](int) { fail(); });
      else if (x == 15)
        self->request(other, caf::infinite, 1).then([=](int) {
          self->request(other, caf::infinite, 2).then([=](int) { fail(); });
        });
      else if (x == 16)
        self->send(self, boom_atom::value);
      else if (x != 17)
        promise.deliver(x);
      return promise;
    },
    [=](boom_atom) { fail(); },
  };
}

service_plan resuming(bulkhead pool = {}) {
  service_plan plan;
  plan.on_failure = {{"", failure_directive::resume}};
  plan.bulkhead = std::move(pool);
  return plan;
}

const test::service& serve(gate_fixture& fixture, notes& log,
                           const bulkhead& pool = {}) {
  auto& other = fixture.work("other");
  return fixture.serve("s", make_replica_factory(hasty, other.handle(), &log),
                       resuming(pool));
}

} // namespace

// It was answered at its deadline, and held its permit for 35 s: three such
// messages closed a compartment of three.
TEST_CASE("a request that fails after its promise was made is answered at once",
          "[gate][resume]") {
  notes log;
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("b", {.capacity = 3});
  auto& service = serve(fixture, log, pool);
  auto kind = GENERATE(13, 14, 15);
  CAPTURE(kind);
  for (int i = 0; i < 4; ++i) {
    auto asked = fixture.ask(service.handle(), kind);
    CHECK(asked->code() == errc::service_crashed);
    CHECK(describe(asked->error) == "std::runtime_error: no");
  }
  CHECK(fixture.ask(service.handle(), 2)->value == 2);
  CHECK(fixture.count(event_kind::message_failed) == 4);
  CHECK(fixture.all(event_kind::child_failed).empty());
  CHECK(service.gate.status().in_flight == 0);
  CHECK(test::open_requests(service.gate) == 0);
  log = notes{};
}

TEST_CASE("a promise that is kept after its request has failed changes nothing",
          "[gate][resume]") {
  notes log;
  gate_fixture fixture;
  auto& service = serve(fixture, log);
  client alice{fixture.rig};
  auto asked = alice.asks<int>(service.handle(), 13);
  CHECK(asked->code() == errc::service_crashed);
  auto next = alice.asks<int>(service.handle(), 16);
  REQUIRE(log.made.size() == 2);
  log.made[0].deliver(99);
  fixture.rig.run();
  CHECK(next->open());
  CHECK(alice.book().responses == 1);
  CHECK(alice.book().inbox.empty());
  log = notes{};
}

TEST_CASE("a plain send that fails after its promise was made is a dead letter",
          "[gate][resume]") {
  notes log;
  gate_fixture fixture;
  auto& service = serve(fixture, log);
  client alice{fixture.rig};
  alice.sends(service.handle(), GENERATE(13, 14));
  auto letters = fixture.all(event_kind::dead_letter);
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].reason == "std::runtime_error: no");
  CHECK(test::open_requests(service.gate) == 0);
  log = notes{};
}

TEST_CASE("whose message a service sent itself is not known: its request waits "
          "for its deadline",
          "[gate][resume]") {
  notes log;
  gate_fixture fixture;
  auto& service = serve(fixture, log);
  auto asked = fixture.ask(service.handle(), 16);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
  CHECK(asked->open());
  fixture.rig.advance(6s);
  CHECK(asked->code() == errc::timed_out);
  log = notes{};
}

// Two gates name their entries alike, and the promise takes along what tells
// them apart.
TEST_CASE("what came around its gate fails no entry of that gate",
          "[gate][resume]") {
  notes log;
  gate_fixture fixture;
  auto& service = serve(fixture, log);
  auto pass = [&](caf::event_based_actor* self) -> caf::behavior {
    return {[&, self](int x) { return self->delegate(log.replica, x); }};
  };
  auto& front = fixture.serve("front", make_replica_factory(pass));
  auto bob = fixture.ask(service.handle(), 17);
  auto alice = fixture.ask(front.handle(), 13);
  CHECK(fixture.all(event_kind::message_failed).size() == 1);
  CHECK(bob->open());
  CHECK(alice->open());
  fixture.rig.advance(6s);
  CHECK(alice->code() == errc::timed_out);
  log = notes{};
}
