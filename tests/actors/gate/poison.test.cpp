#include "actors/gate/gate_fixture.hpp"

#include <catch2/catch.hpp>

// What happens to the message on which a replica dies: answered at once, or
// tried again where that was declared to be harmless.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

const call_options again{.idempotent = true};

/// Crashes on the first `crashes` messages that it gets, over all its lives.
struct moody {
  int crashes = 0;
  int seen = 0;
  std::vector<int> handled;
};

caf::behavior moody_worker(caf::event_based_actor*,
                           const std::shared_ptr<moody>& mood) {
  return {[=](int x) {
    if (mood->seen++ < mood->crashes)
      throw std::runtime_error{"not in the mood"};
    mood->handled.push_back(x);
    return x;
  }};
}

const test::service& serve_moody(gate_fixture& fixture,
                                 const std::shared_ptr<moody>& mood,
                                 const test::service_plan& plan = {}) {
  return fixture.serve("moody", make_replica_factory(moody_worker, mood), plan);
}

} // namespace

TEST_CASE("a message that is not declared idempotent is never tried again",
          "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 1;
  auto& service = serve_moody(fixture, mood);
  auto answer = fixture.ask(service.handle(), 7);
  CHECK(answer->code() == errc::service_crashed);
  fixture.rig.advance(10s);
  CHECK(mood->seen == 1);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("an idempotent request is tried again by the next incarnation",
          "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = GENERATE(1, 2);
  auto& service = serve_moody(fixture, mood);
  auto answer = fixture.ask(service.handle(), again, 7);
  CHECK(answer->open());
  fixture.rig.advance(2s);
  CHECK(answer->value == 7);
  CHECK(mood->handled == std::vector{7});
  CHECK(test::open_requests(service.gate) == 0);
  CHECK(service.gate.status().waiting == 0);
  CHECK(service.gate.status().in_flight == 0);
}

TEST_CASE("a message that kills poison_limit replicas is given up",
          "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 100;
  auto limit = GENERATE(1, 2, 3, 7);
  test::service_plan plan;
  plan.gate.poison_limit = static_cast<uint32_t>(limit);
  plan.gate.timeout = 1min;
  plan.gate.stash_wait = 1min;
  plan.restart.intensity = 100;
  auto& service = serve_moody(fixture, mood, plan);
  SECTION("a request is answered") {
    auto answer = fixture.ask(service.handle(), again, 7);
    fixture.rig.advance(1min);
    CHECK(answer->code() == errc::service_crashed);
    CHECK_THAT(to_string(answer->error),
               Catch::Contains("runtime_error: not in the mood"));
    CHECK(fixture.all(event_kind::dead_letter).empty());
  }
  SECTION("a plain send is a dead letter") {
    client alice{fixture.rig};
    alice.sends(service.handle(), again, 7);
    fixture.rig.advance(1min);
    REQUIRE(fixture.all(event_kind::dead_letter).size() == 1);
    CHECK_FALSE(alice.ended());
  }
  CHECK(mood->seen == limit);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("a service may declare messages idempotent by their type",
          "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 1;
  test::service_plan plan;
  plan.idempotent = {caf::make_rtti_pair<int>()};
  auto& service = serve_moody(fixture, mood, plan);
  auto answer = fixture.ask(service.handle(), 7);
  fixture.rig.advance(1s);
  CHECK(answer->value == 7);
}

TEST_CASE("what is tried again comes before what waited behind it",
          "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 2;
  auto& service = serve_moody(fixture, mood);
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 5; ++i)
      self->send(service.handle(), again, i);
  });
  fixture.rig.advance(2s);
  CHECK(mood->handled == std::vector{1, 2, 3, 4, 5});
}

TEST_CASE("what a replica had taken up is tried again in its order",
          "[gate][poison]") {
  gate_fixture fixture;
  auto& echo = fixture.work("echo");
  client alice{fixture.rig};
  std::vector<std::shared_ptr<const test::reply<int>>> answers;
  for (int i = 1; i <= 3; ++i)
    answers.push_back(
      alice.asks<int>(echo.handle(), again, test::keep_atom::value, i));
  auto once = alice.asks<int>(echo.handle(), test::keep_atom::value, 4);
  auto& room = fixture.room("echo");
  CHECK(room.handled == std::vector{1, 2, 3, 4});
  caf::anon_send_exit(room.replica, caf::exit_reason::kill);
  fixture.rig.advance(1s);
  CHECK(room.handled == std::vector{1, 2, 3, 4, 1, 2, 3});
  CHECK(once->code() == errc::replica_lost);
  for (size_t i = 0; i < 3; ++i)
    fixture.deliver("echo", 4 + i, static_cast<int>(i));
  for (int i = 0; i < 3; ++i)
    CHECK(answers[static_cast<size_t>(i)]->value == i);
  CHECK(test::open_requests(echo.gate) == 0);
}

TEST_CASE("the deadline holds while a message is tried again",
          "[gate][poison][deadline]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 100;
  test::service_plan plan;
  plan.gate.poison_limit = 100;
  plan.gate.timeout = 1s;
  auto& service = serve_moody(fixture, mood, plan);
  auto answer = fixture.ask(service.handle(), again, 7);
  fixture.rig.advance(900ms);
  CHECK(answer->open());
  fixture.rig.advance(200ms);
  CHECK(answer->code() == errc::timed_out);
  fixture.rig.advance(1min);
  CHECK(test::open_requests(service.gate) == 0);
}

TEST_CASE("another replica takes over what one died on", "[gate][poison]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 1;
  test::service_plan plan;
  plan.replicas = 2;
  auto& service = serve_moody(fixture, mood, plan);
  auto answer = fixture.ask(service.handle(), again, 7);
  CHECK(answer->value == 7); // Without waiting for the restart.
}

TEST_CASE("requests in flight to a lost node go to another one if idempotent",
          "[gate][poison][peer]") {
  gate_fixture fixture;
  auto& front = fixture.gate("worker");
  auto& one = fixture.work("one");
  auto& two = fixture.work("two");
  front.peer_up("alpha", caf::actor_cast<caf::strong_actor_ptr>(one.handle()));
  fixture.rig.run();
  auto repeated = fixture.ask(front.handle(), again, test::keep_atom::value, 1);
  auto once = fixture.ask(front.handle(), test::keep_atom::value, 2);
  REQUIRE(fixture.room("one").handled == std::vector{1, 2});
  front.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(two.handle()));
  front.peer_down("alpha");
  fixture.rig.run();
  CHECK(once->code() == errc::unreachable);
  REQUIRE(fixture.room("two").handled == std::vector{1});
  fixture.deliver("two", 0, 11);
  CHECK(repeated->value == 11);
  CHECK(test::open_requests(front) == 0);
}

TEST_CASE("a peer tries again what its client declared idempotent",
          "[gate][poison][peer]") {
  gate_fixture fixture;
  auto mood = std::make_shared<moody>();
  mood->crashes = 2;
  auto& far = serve_moody(fixture, mood);
  auto& front = fixture.gate("front");
  front.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(far.handle()));
  fixture.rig.run();
  auto answer = fixture.ask(front.handle(), again, 7);
  fixture.rig.advance(2s);
  CHECK(answer->value == 7);
  CHECK(mood->seen == 3);
}

TEST_CASE("an idempotent request of a stuck replica goes to another one",
          "[gate][poison]") {
  gate_fixture fixture;
  auto& door = fixture.gate("door", {}, 2);
  auto stuck = fixture.spawn_replica(door, 0, 1, "stuck");
  fixture.change(door, 0, child_state::up, 1, stuck);
  auto repeated = fixture.ask(door.handle(), again, test::keep_atom::value, 1);
  auto once = fixture.ask(door.handle(), test::keep_atom::value, 2);
  REQUIRE(fixture.room("stuck").handled == std::vector{1, 2});
  auto fresh = fixture.spawn_replica(door, 1, 1, "fresh");
  fixture.change(door, 1, child_state::up, 1, fresh);
  fixture.change(door, 0, child_state::abandoned, 1);
  CHECK(once->code() == errc::replica_lost);
  REQUIRE(fixture.room("fresh").handled == std::vector{1});
  SECTION("and the answer of that one counts") {
    fixture.deliver("fresh", 0, 11);
    CHECK(repeated->value == 11);
    fixture.deliver("stuck", 0, 12);
  }
  SECTION("and the answer of the stuck one counts, if it is first") {
    fixture.deliver("stuck", 0, 12);
    CHECK(repeated->value == 12);
    fixture.deliver("fresh", 0, 11);
  }
  fixture.deliver("stuck", 1, 13);
  CHECK(test::open_requests(door) == 0);
  CHECK(door.status().in_flight == 0);
  for (const auto& each : {stuck, fresh})
    caf::anon_send_exit(caf::actor_cast<caf::actor>(each),
                        caf::exit_reason::kill);
  fixture.rig.run();
}
