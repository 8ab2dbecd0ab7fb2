#include "core/option_rows.hpp"

#include <bulwark/protection/breaker_change.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/breaker_state.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using bo = breaker_options;
using ro = retry_options;
using budget = retry_budget_options;
using ho = hedge_options;
using fallback = fallback_options;

} // namespace

TEST_CASE("the defaults are those of the design", "[breaker][retry]") {
  bo b;
  CHECK(b.policy == breaker_policy::counter);
  CHECK(b.window_calls == 100);
  CHECK(b.window == 10s);
  CHECK(b.calls_min == 20);
  CHECK(b.failure_rate == 0.5);
  CHECK(b.slow_rate == 1.0);
  CHECK(b.slow_call == 2s);
  CHECK(b.ramp_up == 0s);
  ro r;
  CHECK(r.attempts == 3);
  CHECK(r.initial == 100ms);
  CHECK(r.multiplier == 2);
  CHECK(r.max == 2s);
  CHECK(r.jitter == 0.2);
  budget tokens;
  CHECK(tokens.share == 0.2);
  CHECK(tokens.per_second == 3);
  ho h;
  CHECK(h.extra == 0);
  CHECK(h.quantile == 0.95);
  CHECK(h.samples_min == 20);
  CHECK(h.delay_min == 10ms);
  fallback f;
  CHECK(f.entries_max == 1000);
  CHECK(f.bytes_max == 16u << 20);
}

TEST_CASE("a bad breaker option is refused by field, value and rule",
          "[breaker]") {
  test::check_row<bo>(GENERATE(values<test::row<bo>>({
    {[](bo&) {}, ""},
    {[](bo& o) { o.failure_threshold = 0; },
     "breaker.failure_threshold is 0; it must be at least 1 and at most 1000"},
    {[](bo& o) { o.success_threshold = 51; },
     "breaker.success_threshold is 51; it must be at least 1 and at most 50"},
    {[](bo& o) { o.window_calls = 10'001; },
     "breaker.window_calls is 10001; it must be at least 1 and at most 10000"},
    {[](bo& o) { o.window = 1ms; },
     "breaker.window is 1ms; it must be at least 10ms and at most 1h"},
    {[](bo& o) { o.calls_min = 0; },
     "breaker.calls_min is 0; it must be at least 1 and at most 1000000"},
    {[](bo& o) { o.calls_min = 101; }, ""},
    {[](bo& o) {
       o.policy = breaker_policy::count_window;
       o.calls_min = 101;
     },
     "breaker.calls_min is 101; it must be at most breaker.window_calls, "
     "which is 100"},
    {[](bo& o) { o.failure_rate = 0; },
     "breaker.failure_rate is 0; it must be above 0 and at most 1"},
    {[](bo& o) { o.slow_rate = 1.1; },
     "breaker.slow_rate is 1.1; it must be above 0 and at most 1"},
    {[](bo& o) { o.slow_call = 0s; },
     "breaker.slow_call is 0ms; it must be longer than 0ms"},
    {[](bo& o) { o.recovery_timeout = 1us; },
     "breaker.recovery_timeout is 1us; it must be at least 1ms and at most "
     "8760h"},
    {[](bo& o) { o.jitter = 1; },
     "breaker.jitter is 1; it must be at least 0 and below 1"},
    {[](bo& o) { o.growth = 0.5; },
     "breaker.growth is 0.5; it must be a number of at least 1"},
    {[](bo& o) { o.recovery_max = 1s; },
     "breaker.recovery_max is 1s; it must be at least "
     "breaker.recovery_timeout, which is 1m"},
    {[](bo& o) { o.ramp_up = -1s; },
     "breaker.ramp_up is -1s; it must be 0ms or longer"},
    {[](bo& o) { o.busy_max = 0s; },
     "breaker.busy_max is 0ms; it must be longer than 0ms"},
    {[](bo& o) { o.probe_limit = 0s; },
     "breaker.probe_limit is 0ms; it must be longer than 0ms"},
    {[](bo& o) { o.keys_max = 0; },
     "breaker.keys_max is 0; it must be at least 1 and at most 100000"},
  })));
}

TEST_CASE("a bad retry option is refused by field, value and rule", "[retry]") {
  test::check_row<ro>(GENERATE(values<test::row<ro>>({
    {[](ro&) {}, ""},
    {[](ro& o) { o.attempts = 0; },
     "retry.attempts is 0; it must be at least 1 and at most 100"},
    {[](ro& o) { o.initial = 0s; },
     "retry.initial is 0ms; it must be longer than 0ms"},
    {[](ro& o) { o.multiplier = 0; },
     "retry.multiplier is 0; it must be a number of at least 1"},
    {[](ro& o) { o.max = 50ms; },
     "retry.max is 50ms; it must be at least retry.initial, which is 100ms"},
    {[](ro& o) { o.jitter = -0.1; },
     "retry.jitter is -0.1; it must be at least 0 and below 1"},
    {[](ro& o) { o.attempt_timeout = -1ms; },
     "retry.attempt_timeout is -1ms; it must be 0ms or longer"},
  })));
  test::check_row<budget>(GENERATE(values<test::row<budget>>({
    {[](budget&) {}, ""},
    {[](budget& o) { o.share = 11; },
     "retry_budget.share is 11; it must be at least 0 and at most 10"},
    {[](budget& o) { o.per_second = 1'000'001; },
     "retry_budget.per_second is 1000001; it must be at least 0 and at most "
     "1000000"},
  })));
}

TEST_CASE("a bad hedge or fallback option is refused by field, value and rule",
          "[hedge]") {
  test::check_row<ho>(GENERATE(values<test::row<ho>>({
    {[](ho&) {}, ""},
    {[](ho& o) { o.extra = 11; },
     "hedge.extra is 11; it must be at least 0 and at most 10"},
    {[](ho& o) { o.delay = -1s; },
     "hedge.delay is -1s; it must be 0ms or longer"},
    {[](ho& o) { o.quantile = 0; },
     "hedge.quantile is 0; it must be above 0 and at most 1"},
    {[](ho& o) { o.samples_min = 101; },
     "hedge.samples_min is 101; it must be at least 1 and at most 100"},
    {[](ho& o) { o.delay_min = -1s; },
     "hedge.delay_min is -1s; it must be 0ms or longer"},
  })));
  test::check_row<fallback>(GENERATE(values<test::row<fallback>>({
    {[](fallback&) {}, ""},
    {[](fallback& o) { o.entries_max = 0; },
     "fallback.entries_max is 0; it must be at least 1 and at most 1000000"},
    {[](fallback& o) { o.bytes_max = 0; },
     "fallback.bytes_max is 0; it must be at least 1 and at most "
     "1099511627776"},
    {[](fallback& o) { o.age_max = -1s; },
     "fallback.age_max is -1s; it must be 0ms or longer"},
  })));
}

TEST_CASE("states, policies, causes and stops have names", "[breaker]") {
  CHECK(to_string(breaker_state::closed) == "closed");
  CHECK(to_string(breaker_state::open) == "open");
  CHECK(to_string(breaker_state::half_open) == "half_open");
  CHECK(to_string(breaker_state::forced_open) == "forced_open");
  CHECK(to_string(breaker_state::disabled) == "disabled");
  CHECK(to_string(breaker_state::metrics_only) == "metrics_only");
  CHECK(to_string(static_cast<breaker_state>(9)) == "breaker_state(9)");
  CHECK(to_string(breaker_policy::counter) == "counter");
  CHECK(to_string(breaker_policy::consecutive) == "consecutive");
  CHECK(to_string(breaker_policy::count_window) == "count_window");
  CHECK(to_string(breaker_policy::time_window) == "time_window");
  CHECK(to_string(static_cast<breaker_policy>(9)) == "breaker_policy(9)");
  CHECK(to_string(breaker_cause::failures) == "failures");
  CHECK(to_string(breaker_cause::other_endpoint) == "other_endpoint");
  CHECK(to_string(static_cast<breaker_cause>(99)) == "breaker_cause(99)");
  CHECK(to_string(retry_stop::none) == "none");
  CHECK(to_string(retry_stop::budget_spent) == "budget_spent");
  CHECK(to_string(static_cast<retry_stop>(99)) == "retry_stop(99)");
}
