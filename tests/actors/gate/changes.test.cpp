#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <optional>

// How calls are protected, seen and changed while a gate runs.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// A service that fails whenever it is asked.
caf::behavior fails_always(caf::event_based_actor*, int* asked) {
  return {[=](int) -> caf::result<int> {
    ++*asked;
    return caf::make_error(caf::sec::runtime_error, "never well");
  }};
}

struct counted {
  explicit counted(service_plan plan = {}) {
    if (!plan.retry)
      plan.retry = retry_options{};
    at = &fixture.serve("m", make_replica_factory(fails_always, &asked), plan);
  }

  void ask() { fixture.ask(at->handle(), call_options{.idempotent = true}, 7); }

  int asked = 0;
  gate_fixture fixture;
  const service* at = nullptr;
};

} // namespace

TEST_CASE(
  "a gate tells how it protects calls, and changes how they are retried",
  "[gate][retry]") {
  service_plan plan;
  plan.retry = retry_options{.attempts = 2, .initial = 100ms, .jitter = 0};
  plan.substitutes.value = caf::make_message(42);
  counted m{plan};
  auto seen = m.at->gate.protection();
  CHECK(seen.retry == plan.retry);
  CHECK(seen.retry_budget == retry_budget_options{});
  CHECK(seen.has_value);
  CHECK_FALSE(seen.asks_for_substitutes);
  m.ask();
  m.fixture.rig.advance(1s);
  CHECK(m.asked == 2);
  retry_options more{.attempts = 4, .initial = 1ms, .attempt_timeout = 1s};
  CHECK(m.at->gate.protect(more, {.share = 1}) == std::nullopt);
  CHECK(m.at->gate.protection().retry == more);
  CHECK(m.at->gate.protection().retry_budget.share == 1);
  m.ask();
  m.fixture.rig.advance(1s);
  CHECK(m.asked == 6);
  CHECK(m.at->gate.protect({.attempts = 1}, {.share = 0, .per_second = 0})
        == std::nullopt);
  m.ask();
  CHECK(m.asked == 7);
}

TEST_CASE("what a gate refuses to change changes nothing", "[gate][retry]") {
  counted m;
  auto before = m.at->gate.protection();
  CHECK(m.at->gate.protect({.attempts = 5}, {.share = -1})
        == "service m: retry_budget.share is -1; it must be at least 0 and at "
           "most 10");
  CHECK(m.at->gate.protect({.attempts = 0}, {}));
  CHECK(m.at->gate.protection().retry == before.retry);
  gate_fixture fixture;
  auto& plain = fixture.work("w", {});
  CHECK(plain.gate.protect({}, {})
        == "service w: retry is not set; it must be set before the service "
           "starts");
  CHECK_FALSE(plain.gate.protection().retry);
}
