#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

// Attempts with a limit of their own.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

const call_options twice_is_fine{.idempotent = true};

/// A gate notices what is due up to a millisecond late.
constexpr auto limit = 100ms;
constexpr auto past_limit = limit + 1ms;
constexpr auto pause = 10ms;

/// Workers that answer when the test says so.
struct limited {
  explicit limited(service_plan plan = {}) {
    plan.retry = retry_options{.initial = pause,
                               .multiplier = 1,
                               .max = pause,
                               .jitter = 0,
                               .attempt_timeout = limit};
    at = &fixture.work("w", plan);
  }

  auto ask(const call_options& how = twice_is_fine) {
    return fixture.ask(at->handle(), how, keep_atom::value, 7);
  }

  size_t asked() { return fixture.room("w").kept.size(); }
  void answer(size_t index, int value) { fixture.deliver("w", index, value); }

  void check_clean() {
    CHECK(open_requests(at->gate) == 0);
    CHECK(at->gate.status().in_flight == 0);
    CHECK(at->gate.status().waiting == 0);
  }

  gate_fixture fixture;
  const service* at = nullptr;
};

} // namespace

TEST_CASE("an attempt that takes too long is tried again", "[gate][retry]") {
  limited m;
  auto answer = m.ask();
  m.fixture.rig.advance(limit - 1ms);
  CHECK(m.asked() == 1);
  CHECK(m.at->gate.status().waiting == 0);
  m.fixture.rig.advance(2ms);
  CHECK(m.at->gate.status().waiting == 1);
  m.fixture.rig.advance(pause);
  REQUIRE(m.asked() == 2);
  CHECK(answer->open());
  m.answer(1, 8);
  CHECK(answer->value == 8);
  m.answer(0, 5);
  m.check_clean();
}

TEST_CASE("the late answer of an attempt that was given up is none",
          "[gate][retry]") {
  limited m;
  auto answer = m.ask();
  m.fixture.rig.advance(past_limit);
  auto during_backoff = GENERATE(true, false);
  if (!during_backoff)
    m.fixture.rig.advance(pause);
  m.answer(0, 5);
  CHECK(answer->open());
  m.fixture.rig.advance(pause);
  REQUIRE(m.asked() == 2);
  m.answer(1, 8);
  CHECK(answer->value == 8);
  m.check_clean();
}

TEST_CASE("the last attempt has its limit, too", "[gate][retry]") {
  limited m;
  auto answer = m.ask();
  m.fixture.rig.advance(2 * (past_limit + pause));
  CHECK(m.asked() == 3);
  CHECK(answer->open());
  m.fixture.rig.advance(past_limit);
  CHECK(answer->code() == errc::timed_out);
  CHECK(attempts_of(answer->error) == 3u);
  CHECK_THAT(describe(answer->error), Catch::Contains("limit of an attempt"));
  for (size_t i = 0; i < 3; ++i)
    m.answer(i, 5);
  m.check_clean();
}

TEST_CASE("the deadline of a call ends its attempts as ever", "[gate][retry]") {
  limited m;
  auto how = twice_is_fine;
  how.within = 150ms;
  auto answer = m.ask(how);
  m.fixture.rig.advance(152ms);
  CHECK(answer->code() == errc::timed_out);
  CHECK(m.asked() == 2);
  m.answer(0, 5);
  m.answer(1, 6);
  m.check_clean();
}

TEST_CASE("what is not idempotent may take as long as it may",
          "[gate][retry]") {
  limited m;
  auto answer = m.ask({});
  m.fixture.rig.advance(1s);
  CHECK(m.asked() == 1);
  m.answer(0, 5);
  CHECK(answer->value == 5);
}

TEST_CASE("an attempt that was given up holds its permit until its work is "
          "done",
          "[gate][retry][bulkhead]") {
  gate_fixture fixture;
  service_plan plan;
  plan.retry = retry_options{
    .attempts = 2, .initial = pause, .jitter = 0, .attempt_timeout = limit};
  plan.bulkhead = fixture.bulkhead("pool", permits(2));
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), twice_is_fine, keep_atom::value, 7);
  fixture.rig.advance(past_limit);
  CHECK(use(plan.bulkhead) == 1);
  fixture.rig.advance(pause);
  CHECK(use(plan.bulkhead) == 2);
  fixture.deliver("w", 0, 5);
  CHECK(use(plan.bulkhead) == 1);
  fixture.deliver("w", 1, 6);
  CHECK(answer->value == 6);
  CHECK(use(plan.bulkhead) == 0);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("what a replica had not begun of an attempt that was given up is "
          "not begun",
          "[gate][retry]") {
  gate_fixture fixture;
  service_plan plan;
  plan.retry = retry_options{
    .attempts = 2, .initial = pause, .jitter = 0, .attempt_timeout = limit};
  auto& w = fixture.work("w", plan);
  // The replica awaits an answer of another one, and skips all else.
  auto& other = fixture.work("h", {});
  fixture.inside("w", [to = other.handle()](caf::event_based_actor* self) {
    self->request(to, caf::infinite, keep_atom::value, 1)
      .await([](int) {}, [](caf::error&) {});
  });
  auto answer = fixture.ask(w.handle(), twice_is_fine, 7);
  fixture.rig.advance(past_limit + pause);
  fixture.deliver("h", 0, 1);
  CHECK(answer->value == 7);
  CHECK(fixture.room("w").handled == std::vector{7});
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("a limit is the deadline of what its handler asks",
          "[gate][retry][inheritance]") {
  limited inner;
  service_plan plan;
  plan.retry = retry_options{
    .attempts = 1, .initial = pause, .jitter = 0, .attempt_timeout = 50ms};
  auto to = inner.at->handle();
  std::shared_ptr<reply<int>> below = std::make_shared<reply<int>>();
  auto asks = [=](caf::event_based_actor* self) -> caf::behavior {
    return {[=](int x) {
      self->request(to, caf::infinite, keep_atom::value, x)
        .then([=](int y) { below->value = y; },
              [=](caf::error& why) { below->error = std::move(why); });
      return self->make_response_promise();
    }};
  };
  auto& outer = inner.fixture.serve("outer", make_replica_factory(asks), plan);
  auto answer = inner.fixture.ask(outer.handle(), twice_is_fine, 7);
  inner.fixture.rig.advance(51ms);
  CHECK(answer->code() == errc::timed_out);
  CHECK(below->code() == errc::timed_out);
}

TEST_CASE("what follows with its key waits for the next attempt",
          "[gate][retry]") {
  limited m;
  client alice{m.fixture.rig};
  call_options keyed{.key = "k", .idempotent = true};
  auto first = alice.asks<int>(m.at->handle(), keyed, keep_atom::value, 1);
  m.fixture.rig.advance(past_limit);
  auto second = alice.asks<int>(m.at->handle(), keyed, keep_atom::value, 2);
  CHECK(m.asked() == 1);
  m.fixture.rig.advance(pause);
  CHECK(m.asked() == 3);
  for (int i = 0; i < 3; ++i)
    m.answer(static_cast<size_t>(i), i);
  CHECK(first->value == 1);
  CHECK(second->value == 2);
  m.check_clean();
}

TEST_CASE("a breaker hears of an attempt that took too long",
          "[gate][retry][breaker]") {
  service_plan plan;
  gate_fixture fixture;
  auto breaker = fixture.breaker("w", {.failure_threshold = 2});
  plan.retry = retry_options{.initial = pause,
                             .multiplier = 1,
                             .max = pause,
                             .jitter = 0,
                             .attempt_timeout = limit};
  plan.protections = {breaker};
  auto& w = fixture.work("w", plan);
  auto answer = fixture.ask(w.handle(), twice_is_fine, keep_atom::value, 7);
  fixture.rig.advance(2 * (past_limit + pause));
  CHECK(answer->code() == errc::timed_out);
  CHECK(fixture.room("w").kept.size() == 2);
  CHECK(breaker->state() == breaker_state::open);
  // A late success is counted, and changes nothing.
  fixture.deliver("w", 0, 5);
  fixture.deliver("w", 1, 5);
  CHECK(breaker->state() == breaker_state::open);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("a plain send has the limit of an attempt, too", "[gate][retry]") {
  limited m;
  client alice{m.fixture.rig};
  alice.sends(m.at->handle(), twice_is_fine, keep_atom::value, 7);
  m.fixture.rig.advance(3 * (past_limit + pause));
  CHECK(m.asked() == 3);
  CHECK(m.fixture.all(event_kind::dead_letter).size() == 1);
  for (size_t i = 0; i < 3; ++i)
    m.answer(i, 5);
  m.check_clean();
}

TEST_CASE("a call whose attempt took too long waits for its copy",
          "[gate][retry][hedge]") {
  service_plan plan;
  plan.replicas = 2;
  plan.hedge = {.extra = 1, .delay = 50ms};
  limited m{plan};
  auto answer = m.ask();
  m.fixture.rig.advance(51ms);
  REQUIRE(m.asked() == 2);
  m.fixture.rig.advance(50ms);
  SECTION("the copy brings a value") {
    m.fixture.rig.advance(20ms);
    CHECK(m.asked() == 2);
    m.answer(1, 8);
    CHECK(answer->value == 8);
    m.answer(0, 5);
  }
  SECTION("the copy takes too long, too") {
    m.fixture.rig.advance(52ms + pause);
    REQUIRE(m.asked() == 3);
    m.answer(0, 5);
    m.answer(1, 6);
    CHECK(answer->open());
    m.answer(2, 8);
    CHECK(answer->value == 8);
  }
  m.check_clean();
}

TEST_CASE("an attempt that was given up may die", "[gate][retry][death]") {
  limited m;
  auto answer = m.ask();
  m.fixture.rig.advance(past_limit + pause);
  REQUIRE(m.asked() == 2);
  // Both are with the one that dies; the second one is a bystander.
  CHECK(m.fixture.ask(m.at->handle(), boom_atom::value)->code()
        == errc::service_crashed);
  m.fixture.rig.advance(99ms);
  CHECK(m.asked() == 2);
  m.fixture.rig.advance(2ms);
  REQUIRE(m.asked() == 3);
  m.answer(2, 9);
  CHECK(answer->value == 9);
  m.check_clean();
}

TEST_CASE("a gate that stops answers a call whose attempt was given up",
          "[gate][retry]") {
  limited m;
  auto answer = m.ask();
  m.fixture.rig.advance(past_limit);
  m.at->gate.stop();
  m.fixture.rig.run();
  CHECK(answer->code() == errc::stopped);
}
