#include "core/option_rows.hpp"

#include <bulwark/bulkhead/load_shedding.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <rapidcheck.h>

using namespace bulwark;
using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};
constexpr auto no_number = std::numeric_limits<double>::quiet_NaN();

// Gauges that come to this pressure by CPU, with the default limits.
pressure_gauges pressed(double pressure) {
  return {.cpu = pressure * 0.95};
}

struct look {
  time_point at;
  double pressure;
  std::optional<load_shedding_step> step;
};

// Whether all looks within `length` before the last one, and one at least so
// long before, hold, and no step was taken meanwhile.
template <class Holds>
bool held(const std::vector<look>& looks, duration length, Holds holds) {
  auto end = looks.back().at;
  for (auto one = looks.rbegin(); one != looks.rend(); ++one) {
    if (!holds(one->pressure))
      return false;
    if (one != looks.rbegin() && one->step)
      return end - one->at >= length;
    if (end - one->at >= length)
      return true;
  }
  return false;
}

// A node with all closed that is looked at once a second.
struct overloaded {
  load_shedding node{{}};
  time_point now = start;

  overloaded() {
    until_step(1.5);
    until_step(1.5);
  }

  // Returns how long it took from the last look to a step, an hour or `most`
  // at most.
  duration until_step(double pressure, duration most = 1h) {
    auto from = now;
    // What begins now is counted from now.
    auto before = node.look(pressed(pressure), now);
    while (!before && now - from < most) {
      now += 1s;
      before = node.look(pressed(pressure), now);
    }
    return now - from;
  }

  // Calm until a door is opened, and then pressure until it is closed.
  duration attempt() {
    auto result = until_step(0.5);
    until_step(1.5);
    return result;
  }
};

// How long a calm the next attempt to reopen takes, by all steps before.
duration wait_after(const std::vector<look>& looks,
                    const load_shedding_options& options) {
  auto wait = options.reopen_after;
  std::optional<time_point> opened;
  for (const auto& each : looks) {
    if (opened && each.at - *opened >= options.steady_after) {
      wait = options.reopen_after;
      opened.reset();
    }
    if (!each.step)
      continue;
    if (each.step->what == load_shedding_step::kind::reopen)
      opened = each.at;
    else if (std::exchange(opened, std::nullopt))
      wait = std::min(wait * 2, options.reopen_after_max);
  }
  return wait;
}

} // namespace

TEST_CASE("the defaults of controlled load_shedding are valid",
          "[load_shedding]") {
  load_shedding_options o;
  CHECK(validate(o) == std::nullopt);
  CHECK(o.run_queue_delay == 10ms);
  CHECK(o.cpu == 0.95);
  CHECK(o.memory == 0.90);
  CHECK(o.low == 0.8);
  CHECK(o.close_after == 1s);
  CHECK(o.reopen_after == 5s);
  CHECK(o.reopen_after_max == 5min);
  CHECK(o.steady_after == 1min);
}

TEST_CASE(
  "a bad option of controlled load_shedding is named with value and rule",
  "[load_shedding]") {
  using options = load_shedding_options;
  check_row(GENERATE(values<row<options>>({
    {[](options& o) { o.low = 1; },
     "load_shedding.low is 1; it must be above 0 and below 1"},
    {[](options& o) { o.low = no_number; },
     "load_shedding.low is nan; it must be above 0 and below 1"},
    {[](options& o) { o.run_queue_delay = -1ms; },
     "load_shedding.run_queue_delay is -1ms; it must be 0ms or longer"},
    {[](options& o) { o.cpu = 1.1; },
     "load_shedding.cpu is 1.1; it must be at least 0 and at most 1"},
    {[](options& o) { o.memory = -0.1; },
     "load_shedding.memory is -0.1; it must be at least 0 and at most 1"},
    {[](options& o) { o.close_after = 0s; },
     "load_shedding.close_after is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.reopen_after = 0s; },
     "load_shedding.reopen_after is 0ms; it must be longer than 0ms"},
    {[](options& o) { o.reopen_after_max = 4s; },
     "load_shedding.reopen_after_max is 4s; it must be at least "
     "load_shedding.reopen_after, which is 5s"},
    {[](options& o) { o.steady_after = 0s; },
     "load_shedding.steady_after is 0ms; it must be longer than 0ms"},
  })));
}

TEST_CASE("the pressure is that of the gauge nearest to its limit",
          "[load_shedding]") {
  load_shedding_options o;
  using by = pressure_gauge;
  CHECK(pressure_of({5ms, 0.1, 0.1}, o)
        == node_pressure{0.5, by::run_queue_delay});
  CHECK(pressure_of({5ms, 0.95, 0.1}, o) == node_pressure{1, by::cpu});
  CHECK(pressure_of({0ms, 0.1, 0.9}, o) == node_pressure{1, by::memory});
  CHECK(pressure_of({30ms, 1, 1}, o).value == Approx(3));
  CHECK(pressure_of({-5ms, no_number, -1}, o) == node_pressure{0, by::none});
  o.run_queue_delay = 0s;
  o.cpu = 0;
  CHECK(pressure_of({30ms, 1, 0.45}, o) == node_pressure{0.5, by::memory});
}

TEST_CASE("the background is closed first, then normal work, never critical",
          "[load_shedding]") {
  load_shedding node{{}};
  CHECK(node.look(pressed(1.5), start) == std::nullopt);
  CHECK(node.look(pressed(1.5), start + 999ms) == std::nullopt);
  auto first = node.look(pressed(1.5), start + 1s);
  REQUIRE(first);
  CHECK(first->what == load_shedding_step::kind::close);
  CHECK(first->importance == call_priority::background);
  CHECK(first->pressure.by == pressure_gauge::cpu);
  CHECK(node.closed(call_priority::background));
  CHECK_FALSE(node.closed(call_priority::normal));
  CHECK(node.look(pressed(1.5), start + 1999ms) == std::nullopt);
  auto second = node.look(pressed(1.5), start + 2s);
  REQUIRE(second);
  CHECK(second->importance == call_priority::normal);
  for (auto now = start + 2s; now < start + 1h; now += 1s)
    REQUIRE(node.look(pressed(9), now) == std::nullopt);
  CHECK_FALSE(node.closed(call_priority::critical));
}

TEST_CASE("they are reopened in reverse, when the pressure is gone for long",
          "[load_shedding]") {
  load_shedding node{{}};
  for (auto now = start; now <= start + 2s; now += 1s)
    static_cast<void>(node.look(pressed(1), now));
  CHECK(node.closed(call_priority::normal));
  auto now = start + 3s;
  CHECK(node.look(pressed(0.79), now) == std::nullopt);
  CHECK(node.look(pressed(0.79), now + 4999ms) == std::nullopt);
  auto first = node.look(pressed(0.79), now + 5s);
  REQUIRE(first);
  CHECK(first->what == load_shedding_step::kind::reopen);
  CHECK(first->importance == call_priority::normal);
  CHECK(node.look(pressed(0.79), now + 9s) == std::nullopt);
  auto second = node.look(pressed(0.79), now + 10s);
  REQUIRE(second);
  CHECK(second->importance == call_priority::background);
  CHECK_FALSE(node.closed(call_priority::background));
  CHECK(node.look(pressed(0), now + 1h) == std::nullopt);
}

TEST_CASE("between the marks nothing is closed and nothing reopened",
          "[load_shedding]") {
  load_shedding node{{}};
  CHECK(node.look(pressed(1), start) == std::nullopt);
  CHECK(node.look(pressed(0.99), start + 500ms) == std::nullopt);
  CHECK(node.look(pressed(1), start + 1s) == std::nullopt);
  CHECK(node.look(pressed(1), start + 2s).has_value());
  for (auto now = start + 3s; now < start + 1h; now += 1s)
    REQUIRE(node.look(pressed(0.9), now) == std::nullopt);
  CHECK(node.closed(call_priority::background));
}

TEST_CASE("at the low mark the pressure is gone", "[load_shedding]") {
  load_shedding node{{.cpu = 1, .low = 0.5}};
  for (auto now = start; now <= start + 1s; now += 1s)
    static_cast<void>(node.look({.cpu = 1}, now));
  CHECK(node.closed(call_priority::background));
  for (auto now = start + 2s; now <= start + 7s; now += 1s)
    static_cast<void>(node.look({.cpu = 0.5}, now));
  CHECK_FALSE(node.closed(call_priority::background));
}

TEST_CASE("a door that closes again soon is tried again later each time",
          "[load_shedding]") {
  overloaded it;
  for (auto wait : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s})
    CHECK(it.attempt() == wait);
}

TEST_CASE("a door that stays open for long is tried again as soon as ever",
          "[load_shedding]") {
  overloaded it;
  CHECK(it.attempt() == 5s);
  CHECK(it.attempt() == 10s);
  CHECK(it.node.reopen_wait() == 20s);
  // The first one holds for a minute, and so the other need not wait longer.
  CHECK(it.until_step(0.5) == 20s);
  CHECK(it.node.reopen_wait() == 20s);
  CHECK(it.until_step(0.9, 59s) == 59s);
  CHECK(it.node.reopen_wait() == 20s);
  CHECK(it.until_step(0.9, 1s) == 1s);
  CHECK(it.node.reopen_wait() == 5s);
  CHECK(it.until_step(0.5) == 5s);
  CHECK_FALSE(it.node.closed(call_priority::background));
  // Within the minute again: once, though two doors are closed.
  CHECK(it.until_step(1.5) == 1s);
  CHECK(it.until_step(1.5) == 1s);
  CHECK(it.node.reopen_wait() == 10s);
}

TEST_CASE("whatever is measured, steps keep their order and their time",
          "[load_shedding][property]") {
  CHECK(rc::check([] {
    load_shedding_options options;
    options.close_after = 1ms * *rc::gen::inRange(1, 3000);
    options.reopen_after = 1ms * *rc::gen::inRange(1, 3000);
    options.reopen_after_max = options.reopen_after + 3s;
    options.steady_after = 1ms * *rc::gen::inRange(1, 10'000);
    load_shedding node{options};
    std::vector<look> looks;
    std::vector<call_priority> closed;
    // Moods last, so that something happens.
    auto mood = 0.5;
    auto now = start;
    for (int i = 0; i < 100; ++i) {
      now += 1ms * *rc::gen::inRange(-100, 2000);
      if (*rc::gen::inRange(0, 5) == 0)
        mood = *rc::gen::element(0.5, 0.9, 1.5);
      auto gauges = pressed(mood);
      auto step = node.look(gauges, now);
      auto seen = looks.empty() ? now : std::max(now, looks.back().at);
      looks.push_back({seen, mood, std::nullopt});
      auto wait = wait_after(looks, options);
      looks.back().step = step;
      if (step && step->what == load_shedding_step::kind::close) {
        RC_ASSERT(step->importance
                  == (closed.empty() ? call_priority::background
                                     : call_priority::normal));
        RC_ASSERT(
          held(looks, options.close_after, [](double p) { return p >= 1; }));
        closed.push_back(step->importance);
      } else if (step) {
        RC_ASSERT(!closed.empty());
        RC_ASSERT(step->importance == closed.back());
        RC_ASSERT(held(looks, wait, [](double p) { return p <= 0.8; }));
        closed.pop_back();
      } else {
        RC_ASSERT(!held(looks, options.close_after,
                        [&](double p) { return p >= 1 && closed.size() < 2; }));
        RC_ASSERT(!held(looks, wait,
                        [&](double p) { return p <= 0.8 && !closed.empty(); }));
      }
      RC_ASSERT(closed.size() <= 2u);
    }
  }));
}
