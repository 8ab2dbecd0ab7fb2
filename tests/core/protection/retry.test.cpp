#include "support/dice.hpp"

#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/detail/retry_budget.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};
constexpr time_point far_off{24h};

retry_stop decide(const failed_attempt& failed, time_point deadline = far_off) {
  retry_budget budget{{}};
  return decide_retry({}, failed, start, deadline, 0.5, budget).why_not;
}

/// Counts what the last 10 s hold, to the nanosecond.
struct exact_window {
  std::deque<time_point> times;

  size_t count(time_point now) {
    std::erase_if(times, [&](time_point at) { return at <= now - 10s; });
    return times.size();
  }
};

} // namespace

TEST_CASE("backoffs double up to their maximum, within their jitter",
          "[retry]") {
  retry_options o;
  CHECK(retry_backoff(o, 1, 0.5) == 100ms);
  CHECK(retry_backoff(o, 2, 0.5) == 200ms);
  CHECK(retry_backoff(o, 5, 0.5) == 1600ms);
  CHECK(retry_backoff(o, 6, 0.5) == 2s);
  CHECK(retry_backoff(o, 4'000'000'000, 0.5) == 2s);
  CHECK(retry_backoff(o, 1, 0) == 80ms);
  CHECK(retry_backoff(o, 6, 1) <= 2400ms);
  o.initial = 1s;
  o.jitter = 0;
  // The seed's database loop: time.sleep(2 ** retry_count) for 1 and 2.
  CHECK(retry_backoff(o, 2, 0.9) == 2s);
}

TEST_CASE("a call is tried again as often as its options say", "[retry]") {
  CHECK(decide({.attempts = 1, .repeatable = true}) == retry_stop::none);
  CHECK(decide({.attempts = 2, .repeatable = true}) == retry_stop::none);
  CHECK(decide({.attempts = 3, .repeatable = true})
        == retry_stop::attempts_used);
}

TEST_CASE("only what is safe and of use is tried again", "[retry]") {
  CHECK(decide({}) == retry_stop::maybe_handled);
  CHECK(decide({.retryable = false, .repeatable = true})
        == retry_stop::not_retryable);
}

TEST_CASE("retries do not multiply down a chain", "[retry]") {
  CHECK(decide({.within_retry = true, .repeatable = true})
        == retry_stop::attempts_used);
  CHECK(decide({.repeatable = true, .retried_below = true})
        == retry_stop::retried_below);
  CHECK(is_final_above(retry_stop::attempts_used, 3));
  CHECK(is_final_above(retry_stop::retried_below, 1));
  CHECK(is_final_above(retry_stop::budget_spent, 1));
  CHECK_FALSE(is_final_above(retry_stop::attempts_used, 1));
  CHECK_FALSE(is_final_above(retry_stop::maybe_handled, 1));
}

TEST_CASE("three levels of three attempts are three attempts, not 27",
          "[retry]") {
  retry_budget budget{{.share = 10, .per_second = 1000}};
  int reached = 0;
  // Returns whether callers above must not try again.
  auto call = [&](auto& self, int level, bool within) -> bool {
    for (uint32_t attempts = 1;; ++attempts) {
      auto below = level == 0 ? (++reached, false)
                              : self(self, level - 1, within || attempts > 1);
      auto verdict = decide_retry({},
                                  {.attempts = attempts,
                                   .within_retry = within,
                                   .repeatable = true,
                                   .retried_below = below},
                                  start, far_off, 0.5, budget);
      if (!verdict.retry())
        return is_final_above(verdict.why_not, attempts);
    }
  };
  call(call, 2, false);
  CHECK(reached == 3);
}

TEST_CASE("a backoff that ends after the deadline is not waited for, and "
          "takes no token",
          "[retry]") {
  retry_budget budget{{.share = 0, .per_second = 1}};
  auto at = [&](time_point deadline) {
    return decide_retry({}, {.repeatable = true}, start, deadline, 0.5, budget);
  };
  for (int i = 0; i < 100; ++i)
    CHECK(at(start + 100ms).why_not == retry_stop::deadline);
  CHECK(at(start - 1s).why_not == retry_stop::deadline);
  for (int i = 0; i < 10; ++i)
    CHECK(at(start + 101ms).delay == 100ms);
  CHECK(at(start + 101ms).why_not == retry_stop::budget_spent);
}

TEST_CASE("a service that asks for rest is not tried again sooner", "[retry]") {
  retry_budget budget{{}};
  failed_attempt busy{.repeatable = true, .busy = 30s};
  CHECK(decide_retry({}, busy, start, far_off, 0.5, budget).delay == 30s);
  CHECK(decide_retry({}, busy, start, start + 30s, 0.5, budget).why_not
        == retry_stop::deadline);
}

TEST_CASE("whenever a token is taken, the extra attempts of the last 10 s are "
          "within their share",
          "[retry]") {
  for (uint64_t seed = 1; seed <= 200 / TEST_SHARE; ++seed) {
    CAPTURE(seed);
    test::dice dice{seed};
    retry_budget_options options{static_cast<double>(dice.below(11)) / 10,
                                 static_cast<uint32_t>(dice.below(5))};
    retry_budget budget{options};
    exact_window first;
    exact_window extra;
    auto now = start;
    size_t taken = 0;
    // Storms and quiet times.
    for (int i = 0; i < 4000; ++i) {
      now += dice.roll(1, 100) ? duration{1s} * dice.below(15)
                               : duration{1ms} * dice.below(40);
      if (dice.roll(1, 3)) {
        budget.deposit(now);
        first.times.push_back(now);
      } else if (budget.take(now)) {
        extra.times.push_back(now);
        ++taken;
        auto most = options.share * static_cast<double>(first.count(now))
                    + 10 * options.per_second;
        REQUIRE(static_cast<double>(extra.count(now)) <= most + 1e-9);
      }
    }
    CHECK((taken > 0 || (options.share == 0 && options.per_second == 0)));
  }
}

TEST_CASE("a budget gives what it promises, again and again", "[retry]") {
  retry_budget budget{{.share = 0.2, .per_second = 3}};
  auto now = start;
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 500; ++i)
      budget.deposit(now);
    int taken = 0;
    while (budget.take(now))
      ++taken;
    CHECK(taken == 130);
    now += 11s;
  }
  // What was saved up is gone after 10 s.
  for (int i = 0; i < 500; ++i)
    budget.deposit(now);
  now += 10s;
  int taken = 0;
  while (budget.take(now))
    ++taken;
  CHECK(taken == 30);
}
