#include "core/protection/breaker_rig.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;
using rig = test::breaker_rig;

constexpr breaker_options quick{.failure_threshold = 1,
                                .recovery_timeout = 10s,
                                .success_threshold = 2,
                                .jitter = 0};

breaker_options with(auto change) {
  auto result = quick;
  change(result);
  return result;
}

} // namespace

TEST_CASE("an open breaker tells until when, and does not wait for a call",
          "[breaker]") {
  rig x{quick};
  CHECK_FALSE(x.its.due());
  x.fail();
  CHECK(x.its.due() == x.now + 10s);
  x.now += 4s;
  CHECK_FALSE(x.succeed());
  CHECK(x.retry_after == 6s);
  CHECK_FALSE(x.its.tick(x.now));
  x.now += 6s;
  x.note(x.its.tick(x.now));
  CHECK(x.state() == half_open);
  CHECK(x.changes.back().why == breaker_cause::recovery_time_over);
  CHECK_FALSE(x.its.tick(x.now));
  CHECK_FALSE(x.its.due());
}

TEST_CASE("jitter makes an open time longer by up to its share, never shorter",
          "[breaker]") {
  std::set<duration> seen;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    rig x{with([](auto& o) { o.jitter = 0.2; }), seed};
    x.fail();
    auto time = x.changes.back().open_for;
    CHECK(time >= 10s);
    CHECK(time < 12s);
    seen.insert(time);
    CHECK(*x.its.due() >= x.now + time);
  }
  CHECK(seen.size() > 150);
  CHECK(*seen.begin() < 10200ms);
  CHECK(*seen.rbegin() > 11800ms);
}

TEST_CASE("with growth each failed half_open prolongs the next open time",
          "[breaker]") {
  rig x{with([](auto& o) {
    o.growth = 2;
    o.recovery_max = 60s;
  })};
  x.fail();
  for (auto expected : {10s, 20s, 40s, 60s, 60s}) {
    CHECK(x.changes.back().open_for == expected);
    x.now += expected;
    x.fail();
  }
  x.now += 60s;
  x.succeed();
  x.succeed();
  CHECK(x.state() == closed);
  x.fail();
  CHECK(x.changes.back().open_for == 10s);
}

TEST_CASE("growth does not overflow however often half_open fails",
          "[breaker]") {
  rig x{with([](auto& o) {
    o.growth = 1e6;
    o.recovery_max = 24h;
  })};
  x.fail();
  for (int i = 0; i < 40; ++i) {
    x.now += 24h;
    x.fail();
  }
  CHECK(x.changes.back().open_for == 24h);
}

TEST_CASE("after closing a ramp lets a tenth through, then more, then all",
          "[breaker]") {
  rig x{with([](auto& o) { o.ramp_up = 10s; })};
  x.fail();
  x.now += 10s;
  x.succeed();
  x.succeed();
  REQUIRE(x.state() == closed);
  auto share = [&] {
    int through = 0;
    for (int i = 0; i < 1000; ++i)
      through += x.succeed() ? 1 : 0;
    return through;
  };
  CHECK(x.succeed());
  CHECK_FALSE(x.succeed());
  CHECK(share() == Approx(100).margin(1));
  x.now += 5s;
  CHECK(share() == Approx(500).margin(1));
  x.now += 4s;
  CHECK(share() == Approx(900).margin(1));
  x.now += 1s;
  CHECK(share() == 1000);
  CHECK(x.metrics().failure_count == 0);
}

TEST_CASE("a failure during a ramp counts, and the next ramp begins anew",
          "[breaker]") {
  rig x{with([](auto& o) { o.ramp_up = 10s; })};
  for (int round = 0; round < 3; ++round) {
    x.fail();
    REQUIRE(x.state() == open);
    x.now += 10s;
    x.succeed();
    x.succeed();
    REQUIRE(x.state() == closed);
    x.now += 500ms;
  }
}

TEST_CASE("a service that asks for rest gets it, within a maximum",
          "[breaker]") {
  auto state = GENERATE(closed, half_open);
  rig x{with([](auto& o) {
    o.failure_threshold = 100;
    o.busy_max = 60s;
  })};
  if (state == half_open)
    x.note(x.its.caution(x.now));
  REQUIRE(x.state() == state);
  x.end(x.begin(), {call_outcome::failure, 1ms, 30s});
  CHECK(x.state() == open);
  CHECK(x.changes.back().why == breaker_cause::busy);
  CHECK(x.its.due() == x.now + 30s);
  x.now += 30s;
  x.end(x.begin(), {call_outcome::failure, 1ms, 1h});
  CHECK(x.its.due() == x.now + 60s);
}

TEST_CASE("a probe that comes to nothing gives its place back", "[breaker]") {
  rig x{quick};
  x.fail();
  x.now += 10s;
  for (int i = 0; i < 100; ++i) {
    auto one = x.begin();
    auto other = x.begin();
    CHECK_FALSE(x.begin());
    x.end(one, call_outcome::ignored);
    x.end(other, call_outcome::ignored);
  }
  CHECK(x.state() == half_open);
  CHECK(x.succeed());
  auto last = x.begin();
  CHECK_FALSE(x.begin());
  x.end(last, call_outcome::success);
  CHECK(x.state() == closed);
}

TEST_CASE("a probe that hangs has failed at its limit", "[breaker]") {
  auto by_timer = GENERATE(true, false);
  rig x{with([](auto& o) { o.probe_limit = 3s; })};
  x.fail();
  x.now += 10s;
  auto hung = x.begin();
  x.now += 2s;
  auto other = x.begin();
  CHECK(x.its.due() == x.now + 3s);
  x.now += 3s;
  if (by_timer)
    x.note(x.its.tick(x.now));
  CHECK_FALSE(x.begin());
  CHECK(x.state() == open);
  CHECK(x.changes.back().why == breaker_cause::probe_hung);
  CHECK(x.its.due() == x.now + 10s);
  // They come back at last, late.
  x.end(hung, call_outcome::success);
  x.end(other, call_outcome::failure);
  CHECK(x.its.due() == x.now + 10s);
  CHECK(x.changes.size() == 3);
}

TEST_CASE("a probe of half_open that rested does not hang at once",
          "[breaker]") {
  rig x{with([](auto& o) { o.probe_limit = 3s; })};
  x.fail();
  x.now += 10s;
  x.succeed();
  x.now += 1h;
  auto probe = x.begin();
  CHECK_FALSE(x.begin());
  CHECK(x.state() == half_open);
  x.end(probe, call_outcome::success);
  CHECK(x.state() == closed);
}

TEST_CASE("an operator holds a breaker open, switches it off, or resets it",
          "[breaker]") {
  rig x{quick};
  x.note(x.its.set(forced_open, x.now));
  x.now += 24h;
  CHECK_FALSE(x.its.tick(x.now));
  CHECK_FALSE(x.begin());
  CHECK(x.retry_after == breaker_verdict::never);
  x.note(x.its.set(metrics_only, x.now));
  x.fail(10);
  CHECK(x.state() == metrics_only);
  CHECK(x.metrics().total_calls == 10);
  x.note(x.its.set(disabled, x.now));
  x.fail(10);
  CHECK(x.state() == disabled);
  CHECK(x.metrics().total_calls == 10);
  auto from_before = x.begin();
  x.note(x.its.set(closed, x.now));
  x.end(from_before, call_outcome::failure);
  CHECK(x.state() == closed);
  x.fail();
  CHECK(x.state() == open);
  x.note(x.its.set(closed, x.now));
  CHECK(x.metrics().failure_count == 0);
  CHECK(x.succeed());
  uint32_t period = 1;
  for (const auto& each : x.changes)
    CHECK(each.period == ++period);
}

TEST_CASE("what another node tells makes a closed breaker careful, no other",
          "[breaker]") {
  rig x{quick};
  x.note(x.its.caution(x.now));
  CHECK(x.state() == half_open);
  CHECK(x.changes.back().why == breaker_cause::told_by_node);
  CHECK_FALSE(x.its.caution(x.now));
  x.fail();
  CHECK_FALSE(x.its.caution(x.now));
  CHECK(x.state() == open);
  for (auto state : {forced_open, disabled, metrics_only}) {
    x.note(x.its.set(state, x.now));
    CHECK_FALSE(x.its.caution(x.now));
  }
}

TEST_CASE("a call is recent for 300 s, in steps of 10 s", "[breaker]") {
  rig x{quick};
  x.succeed();
  x.now += 299s;
  CHECK(x.metrics().recent_calls == 1);
  CHECK(x.metrics().success_rate == 100);
  x.now += 1s;
  CHECK(x.metrics().recent_calls == 0);
  CHECK(x.metrics().success_rate == 0);
  CHECK(x.metrics().total_calls == 1);
  x.succeed();
  CHECK(x.metrics().recent_calls == 1);
}
