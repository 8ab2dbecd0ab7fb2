#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

// What a message took of its bulkhead's rate comes back when no replica got
// the message.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// So many may be begun in the time that a test lasts.
bulkhead_options begun_at_most(uint64_t n, uint64_t capacity = 10) {
  auto result = permits(capacity);
  result.rate = rate_options{.rate = 1, .period = 24h, .burst = n};
  return result;
}

/// Returns how many more may be begun, and begins them.
int left(gate_fixture& fixture, const service& of,
         const call_options& call = {}) {
  int result = 0;
  while (fixture.ask(of.handle(), call, 1)->value == 1)
    ++result;
  return result;
}

} // namespace

TEST_CASE("what a bulkhead refuses uses up none of its rate",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = begun_at_most(5, 1);
  call_options acme{.tenant = "acme"};
  limits.rate_per_tenant = GENERATE(false, true);
  SECTION("because it is full") {
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    fixture.ask(s.handle(), acme, keep_atom::value, 1);
    for (int i = 0; i < 10; ++i)
      CHECK(fixture.ask(s.handle(), acme, 2)->code() == errc::bulkhead_full);
    fixture.deliver("s", 0, 0);
    CHECK(left(fixture, s, acme) == 4);
  }
  SECTION("because it is isolated") {
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    client operator_{fixture.rig};
    operator_.tells(pool.handle(), isolate_bulkhead{});
    for (int i = 0; i < 10; ++i)
      CHECK(fixture.ask(s.handle(), acme, 2)->code()
            == errc::bulkhead_isolated);
    operator_.tells(pool.handle(), isolate_bulkhead{isolation::none, ""});
    CHECK(left(fixture, s, acme) == 5);
  }
  SECTION("because it waited in vain") {
    limits.queue = 10;
    limits.queue_timeout = 1s;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    fixture.ask(s.handle(), acme, keep_atom::value, 1);
    auto waits = fixture.ask(s.handle(), acme, 2);
    fixture.rig.advance(1010ms);
    CHECK(waits->code() == errc::bulkhead_timeout);
    fixture.deliver("s", 0, 0);
    CHECK(left(fixture, s, acme) == 4);
  }
  SECTION("because it was isolated meanwhile") {
    limits.queue = 10;
    limits.queue_timeout = 1s;
    auto& pool = fixture.bulkhead("p", limits);
    auto& s = fixture.work("s", {.bulkhead = pool});
    client operator_{fixture.rig};
    fixture.ask(s.handle(), acme, keep_atom::value, 1);
    auto waits = fixture.ask(s.handle(), acme, 2);
    operator_.tells(pool.handle(), isolate_bulkhead{});
    CHECK(waits->code() == errc::bulkhead_isolated);
    operator_.tells(pool.handle(), isolate_bulkhead{isolation::none, ""});
    fixture.deliver("s", 0, 0);
    CHECK(left(fixture, s, acme) == 4);
  }
}

TEST_CASE("what a gate refuses uses up none of its bulkhead's rate",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", begun_at_most(5));
  auto& other = fixture.work("other", {.bulkhead = pool});
  service_plan plan{.restart = {.initial = 10s, .jitter = 0}, .bulkhead = pool};
  SECTION("because too much waits") {
    plan.gate.stash_messages = 1;
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    fixture.ask(s.handle(), 1);
    for (int i = 0; i < 10; ++i)
      CHECK(fixture.ask(s.handle(), 2)->code() == errc::stash_full);
    CHECK(left(fixture, other) == 3);
  }
  SECTION("because it waited for a replica in vain") {
    plan.gate.stash_wait = 1s;
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    auto waits = fixture.ask(s.handle(), 1);
    fixture.rig.advance(1010ms);
    CHECK(waits->code() == errc::stash_expired);
    CHECK(left(fixture, other) == 4);
  }
  SECTION("because its time is over") {
    plan.gate.timeout = 1s;
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    auto waits = fixture.ask(s.handle(), 1);
    fixture.rig.advance(1010ms);
    CHECK(waits->code() == errc::timed_out);
    CHECK(left(fixture, other) == 4);
  }
  SECTION("because it is stopped, before or after") {
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    auto waits = fixture.ask(s.handle(), 1);
    s.gate.stop();
    fixture.rig.run();
    CHECK(waits->code() == errc::stopped);
    CHECK(fixture.ask(s.handle(), 1)->code() == errc::stopped);
    CHECK(left(fixture, other) == 4);
  }
  SECTION("because no replica is to be expected") {
    plan.restart.intensity = 0;
    auto& s = fixture.work("s", plan);
    fixture.ask(s.handle(), boom_atom::value);
    for (int i = 0; i < 10; ++i)
      CHECK(fixture.ask(s.handle(), 1)->code() == errc::service_failed);
    CHECK(left(fixture, other) == 4);
  }
  SECTION("because it has been handed on too often") {
    plan.gate.hop_limit = 0;
    auto& s = fixture.work("s", plan);
    auto hands_on = [](caf::event_based_actor* self, caf::actor next) {
      return caf::behavior{[=](int x) { return self->delegate(next, x); }};
    };
    auto& hand =
      fixture.serve("hand", make_replica_factory(hands_on, s.handle()));
    CHECK(fixture.ask(hand.handle(), 1)->code() == errc::too_many_hops);
    CHECK(left(fixture, other) == 5);
  }
}

TEST_CASE("what waits for its turn gives it back", "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = permits(10);
  limits.rate = rate_options{.rate = 1, .period = 2s, .burst = 1};
  limits.rate_wait = 5s;
  auto& pool = fixture.bulkhead("p", limits);
  auto& s = fixture.work("s", {.bulkhead = pool});
  auto& other = fixture.work("other", {.bulkhead = pool});
  CHECK(fixture.ask(s.handle(), 1)->value == 1);
  auto second = fixture.ask(s.handle(), 2);
  auto third = fixture.ask(s.handle(), 3);
  CHECK(fixture.ask(other.handle(), 4)->code() == errc::rate_limited);
  s.gate.stop();
  fixture.rig.run();
  CHECK(second->code() == errc::stopped);
  CHECK(third->code() == errc::stopped);
  auto fifth = fixture.ask(other.handle(), 5);
  auto sixth = fixture.ask(other.handle(), 6);
  fixture.rig.advance(2s);
  CHECK(fifth->value == 5);
  fixture.rig.advance(2s);
  CHECK(sixth->value == 6);
}

TEST_CASE("what a replica got has used up its rate", "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto& pool = fixture.bulkhead("p", begun_at_most(5));
  service_plan plan{.restart = {.initial = 10s, .jitter = 0}, .bulkhead = pool};
  plan.gate.timeout = 1s;
  auto& s = fixture.work("s", plan);
  auto& other = fixture.work("other", {.bulkhead = pool});
  // One that crashes, one that is late, and one whose turn comes after a wait.
  fixture.ask(s.handle(), keep_atom::value, 1);
  fixture.rig.advance(1010ms);
  fixture.ask(s.handle(), boom_atom::value);
  fixture.rig.advance(9500ms);
  auto waits = fixture.ask(s.handle(), keep_atom::value, 1);
  fixture.rig.advance(600ms);
  CHECK(waits->open());
  CHECK(fixture.room("s").handled == std::vector{1, 1});
  fixture.rig.advance(1s);
  CHECK(waits->code() == errc::timed_out);
  CHECK(left(fixture, other) == 2);
}

TEST_CASE("permits that are acquired by hand are begun too",
          "[gate][bulkhead][rate]") {
  gate_fixture fixture;
  auto limits = begun_at_most(2, 3);
  limits.rate_wait = 1s;
  limits.queue = 1;
  limits.queue_timeout = 1s;
  auto& pool = fixture.bulkhead("p", limits);
  client owner{fixture.rig};
  auto acquire = [&](uint64_t n) {
    return owner.asks<permit>(pool.handle(), acquire_permits{.amount = n});
  };
  CHECK(acquire(2)->value);
  // Too much for ever, and too much for now: neither was begun.
  CHECK(acquire(4)->code() == errc::bulkhead_full);
  auto waits = acquire(2);
  CHECK(waits->open());
  fixture.rig.advance(1s);
  CHECK(waits->code() == errc::bulkhead_timeout);
  {
    client gives_up{fixture.rig};
    gives_up.asks<permit>(pool.handle(), acquire_permits{.amount = 2});
    caf::anon_send_exit(gives_up.handle(), caf::exit_reason::kill);
    fixture.rig.run();
  }
  CHECK(acquire(1)->value);
  auto refused = acquire(1);
  CHECK(refused->code() == errc::rate_limited);
  CHECK(describe(refused->error)
        == "bulkhead/p: comes more often than its bulkhead's rate allows");
}
