// Bugs that other libraries had, each as a property of ours. The numbers are
// those of their issue trackers.

#include "core/protection/breaker_rig.hpp"

#include <bulwark/protection/detail/call_course.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;
using rig = test::breaker_rig;
using action = call_step::action;

constexpr breaker_options quick{.failure_threshold = 3,
                                .recovery_timeout = 10s,
                                .success_threshold = 3,
                                .jitter = 0};

constexpr time_point start{1h};

} // namespace

TEST_CASE("resilience4j #544: a last probe that is ignored blocks nothing",
          "[breaker][others]") {
  rig x{quick};
  x.fail(3);
  x.now += 10s;
  x.succeed();
  x.succeed();
  x.call(call_outcome::ignored);
  CHECK(x.state() == half_open);
  CHECK(x.succeed());
  CHECK(x.state() == closed);
}

TEST_CASE("resilience4j #1432: the call that half-opens is one of the probes",
          "[breaker][others]") {
  rig x{quick};
  x.fail(3);
  x.now += 10s;
  std::vector<breaker_ticket> through;
  for (int i = 0; i < 20; ++i)
    if (auto ticket = x.begin())
      through.push_back(*ticket);
  CHECK(through.size() == 3);
}

TEST_CASE("Polly #216, #217: results of calls from before are no probes",
          "[breaker][others]") {
  auto how = GENERATE(call_outcome::success, call_outcome::failure);
  rig x{quick};
  std::vector<std::optional<breaker_ticket>> old;
  for (int i = 0; i < 10; ++i)
    old.push_back(x.begin());
  x.fail(3);
  x.now += 10s;
  auto probe = x.begin();
  for (const auto& each : old)
    x.end(each, how);
  CHECK(x.state() == half_open);
  CHECK(x.begin());
  CHECK(x.begin());
  CHECK_FALSE(x.begin());
  x.end(probe, call_outcome::success);
  CHECK(x.state() == half_open);
}

TEST_CASE("Polly #218, #219, opossum #385: failures that come back together "
          "open once, and delay nothing",
          "[breaker][others]") {
  rig x{quick};
  std::vector<std::optional<breaker_ticket>> together;
  for (int i = 0; i < 10; ++i)
    together.push_back(x.begin());
  auto due = x.now + 10s;
  for (const auto& each : together) {
    x.end(each, call_outcome::failure);
    if (x.state() == open)
      x.now += 1s;
  }
  CHECK(x.changes.size() == 1);
  CHECK(x.its.due() == due);
  x.now = due;
  x.note(x.its.tick(x.now));
  CHECK(x.state() == half_open);
}

TEST_CASE("envoy #30205: a thousand that fail together do not all wait for "
          "their backoff and then come back",
          "[retry][others]") {
  retry_budget budget{{}};
  int waiting = 0;
  for (int i = 0; i < 1000; ++i)
    budget.deposit(start);
  for (int i = 0; i < 1000; ++i)
    waiting +=
      decide_retry({}, {.repeatable = true}, start, start + 1h, 0.5, budget)
          .retry()
        ? 1
        : 0;
  CHECK(waiting == 230);
}

TEST_CASE("failsafe-go #139: a budget lets its floor through without any "
          "deposit",
          "[retry][others]") {
  retry_budget budget{{}};
  for (int i = 0; i < 30; ++i)
    CHECK(budget.take(start));
  CHECK_FALSE(budget.take(start));
}

TEST_CASE("failsafe-go #141: a budget that refuses a hedge leaves what is "
          "under way alone",
          "[hedge][others]") {
  retry_budget empty{{.share = 0, .per_second = 0}};
  retry_options retry;
  hedge_options hedge{.extra = 1};
  call_course call{retry, hedge, {.idempotent = true}};
  CHECK(call.hedge_due(true, start, empty).what == action::wait);
  CHECK_FALSE(call.answered());
  CHECK_FALSE(call.hedged());
  CHECK(call.value().what == action::answer_value);
}

TEST_CASE("grpc-java #7222: a call whose hedge is refused is answered by the "
          "error at hand",
          "[hedge][others]") {
  retry_budget empty{{.share = 0, .per_second = 0}};
  retry_options retry;
  hedge_options hedge{.extra = 1};
  call_course call{retry, hedge, {.idempotent = true}};
  auto step = call.error({}, start, 0.5, empty);
  CHECK(step.what == action::answer_error);
  CHECK(step.why == retry_stop::budget_spent);
}
