#include "actors/gate/gate_stage.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/call_options.hpp>

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
int left(gate_stage& stage, const service& of, const call_options& call = {}) {
  int result = 0;
  while (stage.ask(of.handle(), call, 1)->value == 1)
    ++result;
  return result;
}

} // namespace

TEST_CASE("what a bulkhead refuses uses up none of its rate",
          "[gate][bulkhead][rate]") {
  gate_stage stage;
  auto limits = begun_at_most(5, 1);
  call_options acme{.tenant = "acme"};
  limits.rate_per_tenant = GENERATE(false, true);
  SECTION("because it is full") {
    auto& pool = stage.bulkhead("p", limits);
    auto& s = stage.work("s", {.bulkhead = pool});
    stage.ask(s.handle(), acme, keep_atom::value, 1);
    for (int i = 0; i < 10; ++i)
      CHECK(stage.ask(s.handle(), acme, 2)->code() == errc::bulkhead_full);
    stage.deliver("s", 0, 0);
    CHECK(left(stage, s, acme) == 4);
  }
  SECTION("because it is isolated") {
    auto& pool = stage.bulkhead("p", limits);
    auto& s = stage.work("s", {.bulkhead = pool});
    client operator_{stage.rig};
    operator_.tells(pool.handle(), isolate_bulkhead{});
    for (int i = 0; i < 10; ++i)
      CHECK(stage.ask(s.handle(), acme, 2)->code() == errc::bulkhead_isolated);
    operator_.tells(pool.handle(), isolate_bulkhead{isolation::none, ""});
    CHECK(left(stage, s, acme) == 5);
  }
  SECTION("because it waited in vain") {
    limits.queue = 10;
    limits.queue_timeout = 1s;
    auto& pool = stage.bulkhead("p", limits);
    auto& s = stage.work("s", {.bulkhead = pool});
    stage.ask(s.handle(), acme, keep_atom::value, 1);
    auto waits = stage.ask(s.handle(), acme, 2);
    stage.rig.advance(1010ms);
    CHECK(waits->code() == errc::bulkhead_timeout);
    stage.deliver("s", 0, 0);
    CHECK(left(stage, s, acme) == 4);
  }
  SECTION("because it was isolated meanwhile") {
    limits.queue = 10;
    limits.queue_timeout = 1s;
    auto& pool = stage.bulkhead("p", limits);
    auto& s = stage.work("s", {.bulkhead = pool});
    client operator_{stage.rig};
    stage.ask(s.handle(), acme, keep_atom::value, 1);
    auto waits = stage.ask(s.handle(), acme, 2);
    operator_.tells(pool.handle(), isolate_bulkhead{});
    CHECK(waits->code() == errc::bulkhead_isolated);
    operator_.tells(pool.handle(), isolate_bulkhead{isolation::none, ""});
    stage.deliver("s", 0, 0);
    CHECK(left(stage, s, acme) == 4);
  }
}

TEST_CASE("what a gate refuses uses up none of its bulkhead's rate",
          "[gate][bulkhead][rate]") {
  gate_stage stage;
  auto& pool = stage.bulkhead("p", begun_at_most(5));
  auto& other = stage.work("other", {.bulkhead = pool});
  service_plan plan{.restart = {.initial = 10s, .jitter = 0}, .bulkhead = pool};
  SECTION("because too much waits") {
    plan.gate.stash_messages = 1;
    auto& s = stage.work("s", plan);
    stage.ask(s.handle(), boom_atom::value);
    stage.ask(s.handle(), 1);
    for (int i = 0; i < 10; ++i)
      CHECK(stage.ask(s.handle(), 2)->code() == errc::stash_full);
    CHECK(left(stage, other) == 3);
  }
  SECTION("because it waited for a replica in vain") {
    plan.gate.stash_wait = 1s;
    auto& s = stage.work("s", plan);
    stage.ask(s.handle(), boom_atom::value);
    auto waits = stage.ask(s.handle(), 1);
    stage.rig.advance(1010ms);
    CHECK(waits->code() == errc::stash_expired);
    CHECK(left(stage, other) == 4);
  }
  SECTION("because its time is over") {
    plan.gate.timeout = 1s;
    auto& s = stage.work("s", plan);
    stage.ask(s.handle(), boom_atom::value);
    auto waits = stage.ask(s.handle(), 1);
    stage.rig.advance(1010ms);
    CHECK(waits->code() == errc::timed_out);
    CHECK(left(stage, other) == 4);
  }
  SECTION("because it is stopped, before or after") {
    auto& s = stage.work("s", plan);
    stage.ask(s.handle(), boom_atom::value);
    auto waits = stage.ask(s.handle(), 1);
    s.gate.stop();
    stage.rig.run();
    CHECK(waits->code() == errc::stopped);
    CHECK(stage.ask(s.handle(), 1)->code() == errc::stopped);
    CHECK(left(stage, other) == 4);
  }
  SECTION("because no replica is to be expected") {
    plan.restart.intensity = 0;
    auto& s = stage.work("s", plan);
    stage.ask(s.handle(), boom_atom::value);
    for (int i = 0; i < 10; ++i)
      CHECK(stage.ask(s.handle(), 1)->code() == errc::service_failed);
    CHECK(left(stage, other) == 4);
  }
  SECTION("because it has been handed on too often") {
    plan.gate.hop_limit = 0;
    auto& s = stage.work("s", plan);
    auto hands_on = [](caf::event_based_actor* self, caf::actor next) {
      return caf::behavior{[=](int x) { return self->delegate(next, x); }};
    };
    auto& hand =
      stage.serve("hand", make_replica_factory(hands_on, s.handle()));
    CHECK(stage.ask(hand.handle(), 1)->code() == errc::too_many_hops);
    CHECK(left(stage, other) == 5);
  }
}

TEST_CASE("what waits for its turn gives it back", "[gate][bulkhead][rate]") {
  gate_stage stage;
  auto limits = permits(10);
  limits.rate = rate_options{.rate = 1, .period = 2s, .burst = 1};
  limits.rate_wait = 5s;
  auto& pool = stage.bulkhead("p", limits);
  auto& s = stage.work("s", {.bulkhead = pool});
  auto& other = stage.work("other", {.bulkhead = pool});
  CHECK(stage.ask(s.handle(), 1)->value == 1);
  auto second = stage.ask(s.handle(), 2);
  auto third = stage.ask(s.handle(), 3);
  CHECK(stage.ask(other.handle(), 4)->code() == errc::rate_limited);
  s.gate.stop();
  stage.rig.run();
  CHECK(second->code() == errc::stopped);
  CHECK(third->code() == errc::stopped);
  auto fifth = stage.ask(other.handle(), 5);
  auto sixth = stage.ask(other.handle(), 6);
  stage.rig.advance(2s);
  CHECK(fifth->value == 5);
  stage.rig.advance(2s);
  CHECK(sixth->value == 6);
}

TEST_CASE("what a replica got has used up its rate", "[gate][bulkhead][rate]") {
  gate_stage stage;
  auto& pool = stage.bulkhead("p", begun_at_most(5));
  service_plan plan{.restart = {.initial = 10s, .jitter = 0}, .bulkhead = pool};
  plan.gate.timeout = 1s;
  auto& s = stage.work("s", plan);
  auto& other = stage.work("other", {.bulkhead = pool});
  // One that crashes, one that is late, and one whose turn comes after a wait.
  stage.ask(s.handle(), keep_atom::value, 1);
  stage.rig.advance(1010ms);
  stage.ask(s.handle(), boom_atom::value);
  stage.rig.advance(9500ms);
  auto waits = stage.ask(s.handle(), keep_atom::value, 1);
  stage.rig.advance(600ms);
  CHECK(waits->open());
  CHECK(stage.room("s").handled == std::vector{1, 1});
  stage.rig.advance(1s);
  CHECK(waits->code() == errc::timed_out);
  CHECK(left(stage, other) == 2);
}

TEST_CASE("permits that are acquired by hand are begun too",
          "[gate][bulkhead][rate]") {
  gate_stage stage;
  auto limits = begun_at_most(2, 3);
  limits.rate_wait = 1s;
  limits.queue = 1;
  limits.queue_timeout = 1s;
  auto& pool = stage.bulkhead("p", limits);
  client owner{stage.rig};
  auto acquire = [&](uint64_t n) {
    return owner.asks<permit>(pool.handle(), acquire_permits{.amount = n});
  };
  CHECK(acquire(2)->value);
  // Too much for ever, and too much for now: neither was begun.
  CHECK(acquire(4)->code() == errc::bulkhead_full);
  auto waits = acquire(2);
  CHECK(waits->open());
  stage.rig.advance(1s);
  CHECK(waits->code() == errc::bulkhead_timeout);
  {
    client gives_up{stage.rig};
    gives_up.asks<permit>(pool.handle(), acquire_permits{.amount = 2});
    caf::anon_send_exit(gives_up.handle(), caf::exit_reason::kill);
    stage.rig.run();
  }
  CHECK(acquire(1)->value);
  auto refused = acquire(1);
  CHECK(refused->code() == errc::rate_limited);
  CHECK(describe(refused->error)
        == "bulkhead/p: comes more often than its bulkhead's rate allows");
}
