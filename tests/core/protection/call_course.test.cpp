#include <bulwark/protection/detail/call_course.hpp>
#include <bulwark/protection/detail/recent_latency.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using action = call_step::action;

constexpr time_point start{1h};
const retry_options retry;
const hedge_options one_extra{.extra = 1};
const call_terms idempotent{.idempotent = true};

} // namespace

TEST_CASE("the first value wins, whoever brings it", "[hedge]") {
  retry_budget budget{{}};
  call_course call{retry, one_extra, idempotent};
  CHECK(call.hedge_due(true, start, budget).what == action::hedge);
  CHECK(call.hedged());
  CHECK(call.value().what == action::answer_value);
  CHECK(call.value().what == action::wait);
  CHECK(call.attempts() == 2);
}

TEST_CASE("an error waits while a copy is under way", "[hedge]") {
  retry_budget budget{{}};
  call_course call{retry, one_extra, idempotent};
  CHECK(call.hedge_due(true, start, budget).what == action::hedge);
  CHECK(call.error({}, start, 0.5, budget).what == action::wait);
  CHECK(call.value().what == action::answer_value);
}

TEST_CASE("when all copies have failed the call is tried again", "[hedge]") {
  retry_budget budget{{}};
  call_course call{retry, one_extra, idempotent};
  CHECK(call.hedge_due(true, start, budget).what == action::hedge);
  CHECK(call.error({}, start, 0.5, budget).what == action::wait);
  auto step = call.error({}, start, 0.5, budget);
  CHECK(step.what == action::retry);
  CHECK(step.delay == 100ms);
  call.begin_retry();
  CHECK_FALSE(call.may_hedge());
  CHECK(call.error({}, start, 0.5, budget).what == action::retry);
  call.begin_retry();
  CHECK(call.error({}, start, 0.5, budget).what == action::answer_error);
  CHECK(call.attempts() == 4);
}

TEST_CASE("what may not be under way twice is not hedged", "[hedge]") {
  retry_budget budget{{}};
  auto hedged = [&](const hedge_options& hedge, const call_terms& terms,
                    bool other_replica) {
    call_course call{retry, hedge, terms};
    return call.hedge_due(other_replica, start, budget).what == action::hedge;
  };
  CHECK(hedged(one_extra, idempotent, true));
  CHECK_FALSE(hedged(one_extra, idempotent, false));
  CHECK_FALSE(hedged(one_extra, {}, true));
  CHECK_FALSE(hedged(one_extra, {.idempotent = true, .keyed = true}, true));
  CHECK_FALSE(
    hedged(one_extra, {.idempotent = true, .within_retry = true}, true));
  CHECK_FALSE(hedged(one_extra, {.idempotent = true, .deadline = start}, true));
  CHECK_FALSE(hedged({}, idempotent, true));
}

TEST_CASE("retries and hedges share one budget", "[hedge]") {
  retry_budget budget{{.share = 0, .per_second = 1}};
  for (int i = 0; i < 5; ++i) {
    call_course call{retry, one_extra, idempotent};
    CHECK(call.hedge_due(true, start, budget).what == action::hedge);
    CHECK(call.error({}, start, 0.5, budget).what == action::wait);
    CHECK(call.error({}, start, 0.5, budget).what == action::retry);
  }
  call_course call{retry, one_extra, idempotent};
  CHECK(call.hedge_due(true, start, budget).what == action::wait);
  auto step = call.error({}, start, 0.5, budget);
  CHECK(step.what == action::answer_error);
  CHECK(step.why == retry_stop::budget_spent);
}

TEST_CASE("in every order of events a call is answered once, and as soon as "
          "nothing more can come",
          "[hedge]") {
  // 0: an attempt ends with a value, 1: with an error, 2: the hedge is due.
  size_t played = 0;
  for (int number = 0; number < 3 * 3 * 3 * 3 * 3 * 3 * 3 * 3; ++number) {
    retry_budget budget{{.share = 0, .per_second = number % 2 == 0 ? 1u : 0u}};
    hedge_options hedge{.extra = 2};
    call_course call{retry, hedge, idempotent};
    int under_way = 1;
    int answers = 0;
    auto rest = number;
    for (int i = 0; i < 8 && under_way > 0; ++i, rest /= 3) {
      auto step = rest % 3 == 2   ? call.hedge_due(true, start, budget)
                  : rest % 3 == 1 ? call.error({}, start, 0.5, budget)
                                  : call.value();
      under_way -= rest % 3 == 2 ? 0 : 1;
      answers +=
        step.what == action::answer_value || step.what == action::answer_error
          ? 1
          : 0;
      if (step.what == action::hedge)
        ++under_way;
      if (step.what == action::retry) {
        REQUIRE(under_way == 0);
        call.begin_retry();
        ++under_way;
      }
      REQUIRE(answers <= 1);
      REQUIRE(call.attempts() <= 5);
      REQUIRE(call.answered() == (answers == 1));
    }
    REQUIRE((under_way > 0 || answers == 1));
    ++played;
  }
  CHECK(played == 6561);
}

TEST_CASE("a hedge waits for its delay, or for a quantile that is known",
          "[hedge]") {
  CHECK_FALSE(hedge_delay({}, 50ms));
  CHECK(hedge_delay({.extra = 1, .delay = 5ms}, 50ms) == 5ms);
  CHECK_FALSE(hedge_delay({.extra = 1}, std::nullopt));
  CHECK(hedge_delay({.extra = 1}, 50ms) == 50ms);
  CHECK(hedge_delay({.extra = 1}, 3ms) == 10ms);
}

TEST_CASE("a quantile is that of the last 128 latencies, from twenty on",
          "[hedge]") {
  recent_latency x{0.95, 20};
  for (int i = 1; i <= 19; ++i)
    x.record(1ms * i);
  CHECK_FALSE(x.quantile());
  x.record(20ms);
  CHECK(x.quantile() == 19ms);
  for (int i = 21; i <= 128; ++i)
    x.record(1ms * i);
  // The 122nd of 128.
  CHECK(x.quantile() == 122ms);
  for (int i = 0; i < 128; ++i)
    x.record(7ms);
  CHECK(x.quantile() == 7ms);
  x.record(-1ms);
  CHECK(x.quantile() == 7ms);
}
