#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_options.hpp>

#include <caf/scheduler/test_coordinator.hpp>
#include <catch2/catch.hpp>

// Messages that wait at a gate for their turn by the rate of its bulkhead.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// One at once, then one every two seconds; who comes too soon waits.
bulkhead_options slow(uint64_t n = 10) {
  auto result = permits(n);
  result.rate = rate_options{.rate = 1, .period = 2s, .burst = 1};
  result.rate_wait = 1min;
  return result;
}

service_plan within(duration timeout, const bulkhead& pool = {}) {
  service_plan result;
  result.gate.timeout = timeout;
  result.bulkhead = pool;
  return result;
}

struct outcome {
  std::optional<int> value;
  errc refused{};
  time_point at{};
};

/// Asks `next` while it works on a request, and tells what came of that.
caf::behavior front(caf::event_based_actor* self, caf::actor next,
                    std::shared_ptr<outcome> seen) {
  return {
    [=](int x) {
      self->request(next, caf::infinite, keep_atom::value, x)
        .then([=](int y) { seen->value = y; },
              [=](caf::error& err) {
                seen->refused = code_of(err, errc{});
                seen->at = self->clock().now();
              });
      return caf::delegated<int>{};
    },
  };
}

caf::behavior hands_on(caf::event_based_actor* self, caf::actor next) {
  return {[=](int x) { return self->delegate(next, x); }};
}

/// Lets time pass, but nobody who set a timer gets to run.
void pass_unnoticed(gate_fixture& fixture, duration time) {
  auto& all = dynamic_cast<caf::scheduler::test_coordinator&>(
    fixture.rig.system().scheduler());
  all.clock().current_time += time;
}

std::vector<int> handled(gate_fixture& fixture) {
  return fixture.room("s").handled;
}

} // namespace

TEST_CASE("a gate that stops answers what waits for its turn",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto& hand = fixture.serve("hand", make_replica_factory(hands_on, s.handle()),
                             within(1min));
  CHECK(fixture.ask(s.handle(), 1)->value == 1);
  auto second = fixture.ask(s.handle(), 2);
  auto third = fixture.ask(hand.handle(), 3);
  client sender{fixture.rig};
  sender.sends(s.handle(), call_options{.tenant = "t"}, 4);
  CHECK(s.gate.status().waiting == 3);
  CHECK(open_requests(s.gate) == 3);
  s.gate.stop();
  fixture.rig.run();
  CHECK(second->code() == errc::stopped);
  CHECK(third->code() == errc::stopped);
  CHECK(open_requests(s.gate) == 0);
  fixture.rig.advance(10s);
  CHECK(handled(fixture) == std::vector{1});
}

TEST_CASE("a plain send that waits for its turn is followed",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto& s = fixture.work("s", {.bulkhead = pool});
  client alice{fixture.rig};
  for (int i = 1; i <= 3; ++i)
    alice.sends(s.handle(), i);
  CHECK(s.gate.status().waiting == 2);
  fixture.rig.advance(2s);
  CHECK(handled(fixture) == std::vector{1, 2});
  s.gate.stop();
  fixture.rig.run();
  CHECK(fixture.all(event_kind::dead_letter).size() == 1);
  CHECK_FALSE(alice.ended());
}

TEST_CASE("what waits for its turn is let in while its node drains",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto seen = std::make_shared<outcome>();
  auto& at = fixture.serve(
    "front", make_replica_factory(front, s.handle(), seen), within(1min));
  CHECK(fixture.ask(s.handle(), 1)->value == 1);
  SECTION("because it came before") {
    auto second = fixture.ask(s.handle(), 2);
    s.gate.drain();
    CHECK(fixture.ask(s.handle(), 3)->code() == errc::draining);
    fixture.rig.advance(2s);
    CHECK(second->value == 2);
  }
  SECTION("because a service needs it for older work") {
    s.gate.drain();
    fixture.ask(at.handle(), 2);
    fixture.rig.advance(2s);
    CHECK(handled(fixture) == std::vector{1, 2});
    fixture.deliver("s", 0, 20);
    CHECK(seen->value == 20);
  }
}

TEST_CASE("a turn changes no deadline", "[gate][bulkhead][rate][deadline]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto start = fixture.rig.now();
  SECTION("whose turn comes too late is refused at once") {
    auto& s = fixture.work("s", within(500ms, pool));
    CHECK(fixture.ask(s.handle(), 1)->value == 1);
    auto second = fixture.ask(s.handle(), 2);
    CHECK(second->code() == errc::rate_limited);
    // It took nobody's turn.
    fixture.rig.advance(2s);
    CHECK(fixture.ask(s.handle(), 3)->value == 3);
  }
  SECTION("time that was waited counts") {
    auto& s = fixture.work("s", within(3s, pool));
    CHECK(fixture.ask(s.handle(), 1)->value == 1);
    auto second = fixture.ask(s.handle(), keep_atom::value, 2);
    fixture.rig.advance(10s);
    CHECK(handled(fixture) == std::vector{1, 2});
    CHECK(second->code() == errc::timed_out);
    CHECK(second->at - start < 3010ms);
  }
  SECTION("what is inherited stays") {
    auto& s = fixture.work("s", within(1min, pool));
    auto seen = std::make_shared<outcome>();
    auto& at = fixture.serve(
      "front", make_replica_factory(front, s.handle(), seen), within(3s));
    CHECK(fixture.ask(s.handle(), 1)->value == 1);
    fixture.ask(at.handle(), 2);
    fixture.rig.advance(10s);
    CHECK(handled(fixture) == std::vector{1, 2});
    CHECK(seen->refused == errc::timed_out);
    CHECK(seen->at - start < 3010ms);
  }
}

TEST_CASE("a client's messages stay in order over their turns",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = slow();
  client alice{fixture.rig};
  call_options a{.tenant = "a"};
  call_options b{.tenant = "b"};
  SECTION("when one comes as another's turn does") {
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    alice.asks<int>(s.handle(), 1);
    auto second = alice.asks<int>(s.handle(), 2);
    // Both turns have come, and the gate was not awake for the first.
    pass_unnoticed(fixture, 5s);
    CHECK(second->open());
    alice.asks<int>(s.handle(), 3);
    CHECK(handled(fixture) == std::vector{1, 2, 3});
  }
  SECTION("when one is asked for another tenant") {
    limits.rate_per_tenant = true;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    alice.asks<int>(s.handle(), a, 1);
    alice.asks<int>(s.handle(), a, 2);
    auto third = alice.asks<int>(s.handle(), b, 3);
    // Somebody else's is not behind them, nor is what is critical.
    CHECK(fixture.ask(s.handle(), call_options{.tenant = "c"}, 10)->value
          == 10);
    alice.asks<int>(
      s.handle(),
      call_options{.priority = call_priority::critical, .tenant = "d"}, 11);
    CHECK(handled(fixture) == std::vector{1, 10, 11});
    CHECK(third->open());
    fixture.rig.advance(2s);
    CHECK(handled(fixture) == std::vector{1, 10, 11, 2, 3});
  }
  SECTION("when the first one is refused") {
    limits.capacity = 1;
    limits.rate_per_tenant = true;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    alice.asks<int>(s.handle(), a, keep_atom::value, 1);
    auto second = alice.asks<int>(s.handle(), a, 2);
    auto third = alice.asks<int>(s.handle(), b, 3);
    CHECK(third->open());
    fixture.rig.advance(2s);
    CHECK(second->code() == errc::bulkhead_full);
    CHECK(third->code() == errc::bulkhead_full);
    fixture.deliver("s", 0, 0);
    CHECK(alice.asks<int>(s.handle(), b, 4)->value == 4);
  }
}

TEST_CASE("a key's messages stay in order over their turns",
          "[gate][bulkhead][rate][key]") {
  gate_fixture fixture;
  auto limits = slow();
  limits.rate_per_tenant = true;
  auto& pool = fixture.bulkhead("p", limits);
  auto plan = within(1min, pool);
  plan.replicas = 2;
  auto& s = fixture.work("s", plan);
  call_options a{.key = "k", .tenant = "a"};
  call_options b{.key = "k", .tenant = "b"};
  fixture.ask(s.handle(), a, 1);
  fixture.ask(s.handle(), a, 2);
  // Two more clients; the turn of the second is over when that of 4 comes.
  fixture.ask(s.handle(), b, 3);
  fixture.ask(s.handle(), a, 4);
  fixture.ask(s.handle(), b, 5);
  CHECK(handled(fixture) == std::vector{1});
  fixture.rig.advance(2s);
  CHECK(handled(fixture) == std::vector{1, 2, 3});
  fixture.rig.advance(2s);
  CHECK(handled(fixture) == std::vector{1, 2, 3, 4, 5});
  CHECK(use(pool) == 0);
  CHECK(open_requests(s.gate) == 0);
}

TEST_CASE("waiting for a permit begins with the turn",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = slow(1);
  SECTION("and lasts as long as for anybody") {
    limits.queue = 10;
    limits.queue_timeout = 1s;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", within(1min, pool));
    fixture.ask(s.handle(), keep_atom::value, 1);
    auto second = fixture.ask(s.handle(), 2);
    fixture.rig.advance(2900ms);
    CHECK(second->open());
    CHECK(stats(pool).queue_length == 1);
    fixture.rig.advance(110ms);
    CHECK(second->code() == errc::bulkhead_timeout);
    CHECK(stats(pool).queue_length == 0);
  }
  SECTION("and is not for whom nobody may wait") {
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", within(1min, pool));
    fixture.ask(s.handle(), keep_atom::value, 1);
    auto second = fixture.ask(s.handle(), 2);
    auto third = fixture.ask(s.handle(), 3);
    fixture.rig.advance(2s);
    CHECK(second->code() == errc::bulkhead_full);
    fixture.deliver("s", 0, 0);
    CHECK(third->open());
    fixture.rig.advance(2s);
    CHECK(third->value == 3);
  }
}

TEST_CASE("a turn that comes while no replica is up is kept",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto plan = within(1min, pool);
  plan.gate.stash_wait = 1s;
  SECTION("for as long as others may wait for a replica") {
    plan.restart.initial = 1h;
    plan.restart.max = 1h;
    auto& s = fixture.work("s", plan);
    CHECK(fixture.ask(s.handle(), boom_atom::value)->code()
          == errc::service_crashed);
    auto start = fixture.rig.now();
    auto second = fixture.ask(s.handle(), 2);
    fixture.rig.advance(10s);
    CHECK(second->code() == errc::stash_expired);
    CHECK(second->at - start >= 3s);
    CHECK(second->at - start < 3010ms);
  }
  SECTION("until one is") {
    plan.restart.initial = 2500ms;
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    auto second = fixture.ask(s.handle(), 2);
    auto third = fixture.ask(s.handle(), 3);
    fixture.rig.advance(2400ms);
    CHECK(second->open());
    fixture.rig.advance(100ms);
    CHECK(second->value == 2);
    CHECK(third->open());
    fixture.rig.advance(1500ms);
    CHECK(third->value == 3);
  }
}

TEST_CASE("what waits for its turn counts towards the stash",
          "[gate][bulkhead][rate][stash]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto plan = within(1min, pool);
  plan.gate.stash_messages = 1;
  auto& s = fixture.work("s", plan);
  CHECK(fixture.ask(s.handle(), 1)->value == 1);
  auto second = fixture.ask(s.handle(), 2);
  CHECK(fixture.ask(s.handle(), 3)->code() == errc::stash_full);
  fixture.rig.advance(2s);
  CHECK(second->value == 2);
  // The third has given its turn back.
  fixture.rig.advance(2s);
  CHECK(fixture.ask(s.handle(), 4)->value == 4);
}

// Replicas that block get one at a time: nobody is idle when a turn comes.
TEST_CASE("a turn that comes while nobody is idle is kept",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", slow());
  auto plan = within(1min, pool);
  plan.replicas = 2;
  plan.one_each = true;
  auto& s = fixture.work("s", plan);
  fixture.ask(s.handle(), keep_atom::value, 1);
  fixture.ask(s.handle(), keep_atom::value, 2);
  auto third = fixture.ask(s.handle(), 3);
  auto fourth = fixture.ask(s.handle(), 4);
  fixture.rig.advance(5s);
  CHECK(handled(fixture) == std::vector{1, 2});
  CHECK(use(pool) == 3);
  fixture.deliver("s", 0, 0);
  CHECK(third->value == 3);
  CHECK(fourth->open());
  fixture.rig.advance(1s);
  CHECK(fourth->value == 4);
  fixture.deliver("s", 1, 0);
  CHECK(use(pool) == 0);
}
