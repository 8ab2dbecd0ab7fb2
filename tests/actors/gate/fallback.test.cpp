#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <stdexcept>

// What a gate answers in place of an error, and the reports of calls.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// Counts on, as long as it is well.
struct counted_calls {
  bool well = true;
  int asked = 0;
};

caf::behavior counts_calls(caf::event_based_actor*,
                           std::shared_ptr<counted_calls> of) {
  return {
    [=](int x) -> caf::result<int> {
      if (!of->well)
        return caf::make_error(caf::sec::runtime_error, "not well");
      return x + 100 * ++of->asked;
    },
    [=](boom_atom) -> int { throw std::runtime_error{"boom"}; },
  };
}

/// The answer to a call that asked for a report.
struct reported {
  std::optional<call_report> how;
  int value = 0;
  caf::error error;
};

struct backed {
  explicit backed(service_plan plan = {}) {
    at = &fixture.serve("c", make_replica_factory(counts_calls, its), plan);
  }

  auto ask(int x) { return fixture.ask(at->handle(), x); }

  reported ask_how(int x, call_options options = {}) {
    options.report = true;
    auto result = std::make_shared<reported>();
    alice.does([=, to = at->handle()](caf::event_based_actor* self) {
      self->request(to, caf::infinite, options, x)
        .then(
          [=](const call_report& how, int value) {
            result->how = how;
            result->value = value;
          },
          [=](const caf::error& why) { result->error = why; });
    });
    fixture.rig.advance(3s);
    return *result;
  }

  gate_fixture fixture;
  client alice{fixture.rig};
  std::shared_ptr<counted_calls> its = std::make_shared<counted_calls>();
  const service* at = nullptr;
};

service_plan last_good(fallback_options options = {}) {
  options.last_good = true;
  service_plan plan;
  plan.fallback = options;
  return plan;
}

service_plan or_else(int value) {
  service_plan plan;
  plan.substitutes.value = caf::make_message(value);
  return plan;
}

} // namespace

TEST_CASE("the last good answer to the same content stands in for an error",
          "[gate][fallback]") {
  backed c{last_good()};
  CHECK(c.ask(7)->value == 107);
  CHECK(c.ask(7)->value == 207);
  CHECK(c.ask(8)->value == 308);
  c.its->well = false;
  CHECK(c.ask(7)->value == 207);
  CHECK(c.ask(8)->value == 308);
  CHECK(c.ask(9)->error == caf::sec::runtime_error);
  c.its->well = true;
  CHECK(c.ask(7)->value == 407);
  CHECK(open_requests(c.at->gate) == 0);
}

TEST_CASE("an answer that is too old does not", "[gate][fallback]") {
  backed c{last_good({.age_max = 10s})};
  CHECK(c.ask(7)->value == 107);
  c.its->well = false;
  c.fixture.rig.advance(9s);
  CHECK(c.ask(7)->value == 107);
  c.fixture.rig.advance(2s);
  CHECK(c.ask(7)->error == caf::sec::runtime_error);
}

TEST_CASE("a report tells what an answer took", "[gate][fallback]") {
  auto plan = last_good();
  plan.retry = retry_options{};
  plan.substitutes.value = caf::make_message(-1);
  backed c{plan};
  auto fresh = c.ask_how(7);
  CHECK(fresh.value == 107);
  CHECK(fresh.how == call_report{.attempts = 1});
  c.its->well = false;
  auto old = c.ask_how(7, {.idempotent = true});
  CHECK(old.value == 107);
  REQUIRE(old.how);
  CHECK(old.how->attempts == 3);
  CHECK(old.how->from_cache);
  CHECK(old.how->cache_timestamp);
  CHECK_FALSE(old.how->fallback);
  auto other = c.ask_how(8);
  CHECK(other.value == -1);
  CHECK(other.how == call_report{.attempts = 1, .fallback = true});
}

TEST_CASE("an open breaker is answered by what is known", "[gate][fallback]") {
  gate_fixture fixture;
  auto plan = last_good();
  auto breaker = fixture.breaker("c", {.failure_threshold = 1});
  plan.protections = {breaker};
  auto its = std::make_shared<counted_calls>();
  auto& c = fixture.serve("c", make_replica_factory(counts_calls, its), plan);
  CHECK(fixture.ask(c.handle(), 7)->value == 107);
  its->well = false;
  CHECK(fixture.ask(c.handle(), 8)->error == caf::sec::runtime_error);
  CHECK(breaker->state() == breaker_state::open);
  CHECK(fixture.ask(c.handle(), 7)->value == 107);
  CHECK(fixture.ask(c.handle(), 8)->code() == errc::circuit_open);
  CHECK(breaker->metrics().refused == 2);
}

TEST_CASE("a value stands in for what crashes, is late or refused",
          "[gate][fallback]") {
  gate_fixture fixture;
  auto plan = or_else(42);
  plan.bulkhead = fixture.bulkhead("pool", permits(1));
  auto& w = fixture.work("w", plan);
  CHECK(fixture.ask(w.handle(), boom_atom::value)->value == 42);
  fixture.rig.advance(1s);
  auto late = fixture.ask(w.handle(), keep_atom::value, 1);
  CHECK(fixture.ask(w.handle(), 1)->value == 42);
  fixture.rig.advance(6s);
  CHECK(late->value == 42);
  fixture.deliver("w", 0, 1);
  CHECK(fixture.ask(w.handle(), 2)->value == 2);
  CHECK(open_requests(w.gate) == 0);
}

TEST_CASE("a client's mistake is not covered up", "[gate][fallback]") {
  backed c{or_else(42)};
  CHECK(c.ask(1)->value == 101);
  CHECK(c.fixture.ask(c.at->handle(), 1.5)->error
        == caf::sec::unexpected_message);
}

TEST_CASE("a plain send that fails has no answer to be replaced",
          "[gate][fallback]") {
  backed c{or_else(42)};
  c.its->well = false;
  c.alice.sends(c.at->handle(), 1);
  CHECK(c.fixture.all(event_kind::dead_letter).size() == 1);
  CHECK(c.alice.book().inbox.empty());
}

TEST_CASE("the client's gate has the last word, not the service's",
          "[gate][fallback][peer]") {
  backed c{or_else(42)};
  auto& far = c.fixture.gate("c");
  far.peer_up("beta", caf::actor_cast<caf::strong_actor_ptr>(c.at->handle()));
  c.fixture.rig.run();
  c.its->well = false;
  CHECK(c.fixture.ask(far.handle(), 1)->error == caf::sec::runtime_error);
  CHECK(c.ask(1)->value == 42);
}
