#include "actors/protection/manual_clock.hpp"

#include <bulwark/protection/guard.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

struct down : std::runtime_error {
  down() : std::runtime_error("API service unavailable") {}
};

/// A guard on a clock of its own.
struct rig {
  explicit rig(const guard_options& options, guard_hooks hooks = {})
    : its("external_api", options, with_clock(std::move(hooks))) {}

  guard_hooks with_clock(guard_hooks hooks) {
    hooks.clock = &clock;
    hooks.on_change = [this](const breaker_change& what) {
      told.push_back(to_text(what));
    };
    return hooks;
  }

  /// Counts, takes its time, and fails `failures` times.
  std::string answer(attempt& a) {
    ++made;
    attempts.push_back(a.number());
    clock.pass(took);
    if (failures == 0)
      return "answer";
    --failures;
    throw down{};
  }

  std::string call() {
    return its.call([this](attempt& a) { return answer(a); });
  }

  void fail(int times) {
    for (int i = 0; i < times; ++i) {
      failures = 1;
      CHECK_THROWS_AS(call(), down);
    }
  }

  test::manual_clock clock;
  int made = 0;
  int failures = 0;
  duration took = 10ms;
  std::vector<uint32_t> attempts;
  std::vector<std::string> told;
  guard its;
};

guard_options once() {
  guard_options result;
  result.breaker = {.failure_threshold = 3,
                    .recovery_timeout = 30s,
                    .success_threshold = 2,
                    .jitter = 0};
  return result;
}

guard_options thrice() {
  auto result = once();
  result.idempotent = true;
  result.breaker.failure_threshold = 100;
  result.retry.jitter = 0;
  return result;
}

} // namespace

TEST_CASE("a guard answers what its function returns, and throws what it "
          "throws",
          "[guard]") {
  rig x{once()};
  CHECK(x.call() == "answer");
  x.fail(1);
  x.its.call([](attempt&) {});
  CHECK(x.its.metrics().total_calls == 3);
  CHECK(x.its.metrics().failure_count == 0);
}

TEST_CASE("an open guard throws with the time of the last failure", "[guard]") {
  rig x{once()};
  x.fail(3);
  auto failed = x.clock.wall_now();
  x.clock.pass(10s);
  try {
    x.call();
    FAIL("it is open");
  } catch (const circuit_open& e) {
    CHECK(e.code() == errc::circuit_open);
    CHECK(e.guard() == "external_api");
    CHECK(e.last_failure_time() == failed);
    CHECK(e.retry_after() == 20s);
    CHECK(std::string{e.what()}
          == "Circuit breaker is OPEN. Last failure: "
             "1970-01-01T01:00:00.030Z");
  }
  CHECK(x.made == 3);
  CHECK(x.its.metrics().refused == 1);
}

TEST_CASE("a guard finds out whether the service is well again", "[guard]") {
  rig x{once()};
  x.fail(3);
  x.clock.pass(30s);
  CHECK(x.its.state() == breaker_state::half_open);
  x.call();
  x.call();
  CHECK(x.its.state() == breaker_state::closed);
  CHECK(
    x.told
    == std::vector<std::string>{"Circuit breaker OPENED after 3 failures",
                                "Circuit breaker transitioning to HALF_OPEN",
                                "Circuit breaker CLOSED - service recovered"});
}

TEST_CASE("an idempotent call is tried again after its backoff", "[guard]") {
  rig x{thrice()};
  x.failures = 2;
  auto start = x.clock.now();
  CHECK(x.call() == "answer");
  CHECK(x.attempts == std::vector<uint32_t>{1, 2, 3});
  CHECK(x.clock.now() - start == 3 * 10ms + 100ms + 200ms);
  x.failures = 3;
  CHECK_THROWS_AS(x.call(), down);
  CHECK(x.made == 6);
}

TEST_CASE("what is not idempotent has one attempt", "[guard]") {
  rig x{once()};
  x.fail(1);
  CHECK(x.made == 1);
}

TEST_CASE("a guard does not wait for a backoff that ends after the deadline",
          "[guard]") {
  auto options = thrice();
  options.timeout = 250ms;
  rig x{options};
  x.failures = 3;
  auto start = x.clock.now();
  CHECK_THROWS_AS(x.call(), down);
  CHECK(x.made == 2);
  CHECK(x.clock.now() - start == 120ms);
}

TEST_CASE("an attempt is told how long it has", "[guard]") {
  auto options = thrice();
  options.timeout = 1s;
  options.retry.attempt_timeout = 300ms;
  rig x{options};
  std::vector<duration> left;
  auto call = [&](attempt& a) {
    left.push_back(a.left());
    CHECK(a.deadline() == x.clock.now() + a.left());
    x.clock.pass(300ms);
    throw down{};
  };
  CHECK_THROWS_AS(x.its.call(call), down);
  CHECK(left == std::vector<duration>{300ms, 300ms, 100ms});
  options.timeout = 0s;
  options.retry.attempt_timeout = 0s;
  rig endless{options};
  endless.its.call([](attempt& a) {
    CHECK(a.deadline() == time_point::max());
    CHECK(a.left() == 24h * 365);
  });
}

TEST_CASE("an answer that comes too late is one, and counts as a failure",
          "[guard]") {
  auto options = thrice();
  options.retry.attempt_timeout = 1s;
  rig x{options};
  x.took = 1001ms;
  CHECK(x.call() == "answer");
  CHECK(x.made == 1);
  CHECK(x.its.metrics().failure_count == 1);
}

TEST_CASE("a call within another one inherits its deadline", "[guard]") {
  rig outer{once()};
  rig inner{once()};
  outer.its.call([&](attempt& a) {
    inner.its.call([&](attempt& b) { CHECK(b.left() == a.left()); });
    inner.its.call([&](attempt& b) { CHECK(b.left() == 2s); },
                   {.deadline = inner.clock.now() + 2s});
    inner.clock.pass(5s);
    CHECK_THROWS_AS(inner.its.call([](attempt&) {}), guard_error);
  });
  // And not afterwards.
  inner.its.call([&](attempt& b) { CHECK(b.left() == 5s); });
}

TEST_CASE("retries do not multiply from guard to guard", "[guard]") {
  rig outer{thrice()};
  rig middle{thrice()};
  rig inner{thrice()};
  inner.failures = 100;
  auto call = [&] {
    outer.its.call(
      [&](attempt&) { middle.its.call([&](attempt&) { inner.call(); }); });
  };
  CHECK_THROWS_AS(call(), down);
  CHECK(inner.made == 3);
  CHECK_THROWS_AS(call(), down);
  CHECK(inner.made == 6);
}

TEST_CASE("a later attempt makes calls of one attempt", "[guard]") {
  rig outer{thrice()};
  rig inner{thrice()};
  inner.failures = 100;
  // An error of its own says nothing of what was tried again below.
  auto call = [&](attempt&) {
    try {
      inner.call();
    } catch (const down&) {
      throw std::runtime_error("translated");
    }
  };
  CHECK_THROWS_WITH(outer.its.call(call), "translated");
  CHECK(inner.made == 3 + 1 + 1);
}

TEST_CASE("a budget bounds the retries of all calls", "[guard]") {
  auto options = thrice();
  options.retry_budget = {.share = 0, .per_second = 1};
  options.breaker.failure_threshold = 1000;
  rig x{options};
  for (int i = 0; i < 100; ++i) {
    x.failures = 100;
    CHECK_THROWS_AS(x.call(), down);
    x.clock.pass(-210ms);
  }
  CHECK(x.made <= 100 + 12);
  CHECK(x.made >= 100 + 10);
}

TEST_CASE("a call that has opened its breaker is not tried again", "[guard]") {
  auto options = thrice();
  options.breaker.failure_threshold = 1;
  rig x{options};
  x.failures = 3;
  auto start = x.clock.now();
  CHECK_THROWS_AS(x.call(), down);
  CHECK(x.made == 1);
  CHECK(x.clock.now() - start == 10ms);
}

TEST_CASE("a value can count as a failure, and is the answer all the same",
          "[guard]") {
  rig x{thrice()};
  auto call = [&](attempt& a) {
    a.fail();
    return a.number();
  };
  CHECK(x.its.call(call) == 3);
  CHECK(x.its.metrics().failure_count == 3);
}

TEST_CASE("a service that asks for rest is left alone", "[guard]") {
  rig x{once()};
  auto busy = [](attempt& a) { a.busy(20s); };
  x.its.call(busy);
  CHECK(x.its.state() == breaker_state::open);
  x.clock.pass(19s);
  CHECK_THROWS_AS(x.call(), circuit_open);
  x.clock.pass(1s);
  CHECK(x.call() == "answer");
}

TEST_CASE("what is ignored says nothing about the service", "[guard]") {
  guard_hooks hooks;
  hooks.outcome_of = [](const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::invalid_argument&) {
      return call_outcome::ignored;
    } catch (...) {
      return call_outcome::failure;
    }
  };
  auto options = thrice();
  options.breaker.failure_threshold = 3;
  rig x{options, hooks};
  int made = 0;
  auto bad = [&](attempt&) {
    ++made;
    throw std::invalid_argument("404");
  };
  auto said = [&](attempt& a) {
    a.ignore();
    throw down{};
  };
  for (int i = 0; i < 10; ++i) {
    CHECK_THROWS_AS(x.its.call(bad), std::invalid_argument);
    CHECK_THROWS_AS(x.its.call(said), down);
  }
  CHECK(made == 10);
  CHECK(x.its.metrics().total_calls == 0);
  x.failures = 100;
  CHECK_THROWS_AS(x.call(), down);
  CHECK(x.its.state() == breaker_state::open);
}

TEST_CASE("a predicate says what is not worth another try", "[guard]") {
  guard_hooks hooks;
  hooks.retry_on = [](const std::exception_ptr&) { return false; };
  rig x{thrice(), hooks};
  x.fail(1);
  CHECK(x.made == 1);
}

TEST_CASE("the refusal of a guard further in is no failure", "[guard]") {
  rig outer{thrice()};
  rig inner{once()};
  inner.fail(3);
  auto call = [&](attempt&) { inner.call(); };
  for (int i = 0; i < 10; ++i)
    CHECK_THROWS_AS(outer.its.call(call), circuit_open);
  CHECK(outer.its.metrics().failure_count == 0);
  CHECK(outer.its.metrics().total_calls == 0);
}

TEST_CASE("each endpoint of a guard has a breaker of its own", "[guard]") {
  rig x{once()};
  auto fail = [](attempt&) { throw down{}; };
  for (int i = 0; i < 3; ++i)
    CHECK_THROWS_AS(x.its.call(fail, {.endpoint = "/pay"}), down);
  CHECK_THROWS_AS(x.its.call(fail, {.endpoint = "/pay"}), circuit_open);
  CHECK_THROWS_AS(x.its.call(fail, {.endpoint = "/ship"}), down);
  CHECK(x.call() == "answer");
  CHECK(x.its.state("/pay") == breaker_state::open);
  x.its.set(breaker_state::closed, "/pay");
  CHECK_THROWS_AS(x.its.call(fail, {.endpoint = "/pay"}), down);
}

TEST_CASE("an operator holds a guard open", "[guard]") {
  rig x{once()};
  x.its.set(breaker_state::forced_open);
  x.clock.pass(24h);
  try {
    x.call();
    FAIL("it is held open");
  } catch (const circuit_open& e) {
    CHECK(e.retry_after() == duration::max());
    CHECK(std::string{e.what()}
          == "Circuit breaker is OPEN. Last failure: none");
  }
}

TEST_CASE("a guard finds open and half_open by itself", "[guard]") {
  rig x{once()};
  for (auto state : {breaker_state::open, breaker_state::half_open})
    CHECK_THROWS_AS(x.its.set(state), std::invalid_argument);
  CHECK(x.its.state() == breaker_state::closed);
}

TEST_CASE("a bad option of a guard is refused by its name", "[guard]") {
  guard_options bad;
  bad.retry.attempts = 0;
  CHECK_THROWS_WITH(
    guard("x", bad),
    "retry.attempts is 0; it must be at least 1 and at most 100");
  bad = {};
  bad.timeout = -1s;
  CHECK_THROWS_WITH(guard("x", bad),
                    "guard.timeout is -1s; it must be 0ms or longer");
  CHECK_THROWS_AS(guard("a b"), std::invalid_argument);
}
