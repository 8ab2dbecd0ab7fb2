#include <bulwark/supervision/detail/backoff.hpp>
#include <bulwark/supervision/detail/child_restarts.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

restart_options exact() {
  restart_options options;
  options.jitter = 0;
  return options;
}

restart_decision restart_after(duration delay, uint32_t in_window) {
  return {restart_action::restart, delay, in_window};
}

restart_decision fail_for(duration delay, uint32_t in_window) {
  return {restart_action::fail, delay, in_window};
}

} // namespace

TEST_CASE("incarnations are numbered from 1", "[child_restarts]") {
  child_restarts child{exact()};
  CHECK(child.incarnation() == 0);
  CHECK(child.begin_start() == 1);
  CHECK(child.begin_start() == 2);
  CHECK(child.incarnation() == 2);
}

TEST_CASE("a crashing child is restarted with growing delays, then fails",
          "[child_restarts]") {
  child_restarts child{exact()};
  auto now = start;
  std::vector<restart_decision> decisions;
  for (int i = 0; i < 6; ++i) {
    child.on_up(now);
    now += 1s;
    decisions.push_back(child.on_exit(exit_class::abnormal, now, 0.5));
    now += decisions.back().delay;
  }
  CHECK(decisions
        == std::vector<restart_decision>{
          restart_after(100ms, 1), restart_after(200ms, 2),
          restart_after(400ms, 3), restart_after(800ms, 4),
          restart_after(1600ms, 5), fail_for(60s, 5)});
}

TEST_CASE("failed starts count like crashes", "[child_restarts]") {
  child_restarts child{exact()};
  for (uint32_t i = 1; i <= 5; ++i)
    CHECK(child.on_exit(exit_class::abnormal, start, 0.5).restarts_in_window
          == i);
  CHECK(child.on_exit(exit_class::abnormal, start, 0.5) == fail_for(60s, 5));
}

TEST_CASE("each cool-down in a row is longer and starts the delays anew",
          "[child_restarts]") {
  auto options = exact();
  options.intensity = 1;
  child_restarts child{options};
  auto now = start;
  for (auto cool_down : {60s, 120s, 240s, 480s, 960s, 1920s, 3600s, 3600s}) {
    CHECK(child.on_exit(exit_class::killed, now, 0.5)
          == restart_after(100ms, 1));
    CHECK(child.on_exit(exit_class::killed, now, 0.5)
          == fail_for(cool_down, 1));
    now += cool_down;
  }
}

TEST_CASE("a child that stayed up starts all series anew", "[child_restarts]") {
  auto options = exact();
  options.intensity = 2;
  options.period = 1s;
  child_restarts child{options};
  for (int i = 0; i < 3; ++i)
    static_cast<void>(child.on_exit(exit_class::abnormal, start, 0.5));
  CHECK(child.cool_downs() == 1);
  static_cast<void>(child.on_exit(exit_class::abnormal, start + 60s, 0.5));
  CHECK(child.failures() == 1);

  SECTION("for reset_after") {
    child.on_up(start + 61s);
    CHECK(child.on_exit(exit_class::abnormal, start + 91s, 0.5)
          == restart_after(100ms, 1));
    CHECK(child.cool_downs() == 0);
  }
  SECTION("but not for less") {
    child.on_up(start + 61s);
    CHECK(child.on_exit(exit_class::abnormal, start + 91s - 1ns, 0.5)
          == restart_after(200ms, 1));
    CHECK(child.cool_downs() == 1);
  }
  SECTION("and time spent down does not count") {
    CHECK(child.on_exit(exit_class::abnormal, start + 10h, 0.5)
          == restart_after(200ms, 1));
  }
}

TEST_CASE("the downtime runs from the first failure to the next time up",
          "[child_restarts]") {
  child_restarts child{exact()};
  CHECK(child.on_up(start) == std::nullopt);
  CHECK(child.up());
  static_cast<void>(child.on_exit(exit_class::abnormal, start + 1s, 0.5));
  CHECK_FALSE(child.up());
  static_cast<void>(child.on_exit(exit_class::abnormal, start + 2s, 0.5));
  CHECK(child.on_up(start + 5s) == duration{4s});
  static_cast<void>(child.on_exit(exit_class::abnormal, start + 9s, 0.5));
  CHECK(child.on_up(start + 10s) == duration{1s});
}

TEST_CASE("a first start that fails has a downtime too", "[child_restarts]") {
  child_restarts child{exact()};
  static_cast<void>(child.on_exit(exit_class::abnormal, start, 0.5));
  CHECK(child.on_up(start + 3s) == duration{3s});
}

TEST_CASE("a clock that goes back gives no negative downtime",
          "[child_restarts]") {
  child_restarts child{exact()};
  static_cast<void>(child.on_exit(exit_class::abnormal, start, 0.5));
  CHECK(child.on_up(start - 1s) == duration{0});
}

TEST_CASE("an intensity of zero fails at the first end", "[child_restarts]") {
  auto options = exact();
  options.intensity = 0;
  child_restarts child{options};
  child.on_up(start);
  CHECK(child.on_exit(exit_class::abnormal, start, 0.5) == fail_for(60s, 0));
}

TEST_CASE("the random number picks the delay", "[child_restarts]") {
  restart_options options;
  child_restarts child{options};
  CHECK(child.on_exit(exit_class::abnormal, start, 0.0).delay
        == backoff_delay(options, 0, 0.0));
  CHECK(child.on_exit(exit_class::abnormal, start, 0.9).delay
        == backoff_delay(options, 1, 0.9));
}

// All sequences of six steps out of {up, four kinds of end}, for each type:
// what is forgotten, and that the limit holds, follows from the two rules.
TEST_CASE("every short history obeys restart type and limit",
          "[child_restarts]") {
  auto type = GENERATE(restart_type::permanent, restart_type::transient,
                       restart_type::temporary);
  auto options = exact();
  options.type = type;
  options.intensity = 2;
  constexpr int steps = 6;
  constexpr int all = 5 * 5 * 5 * 5 * 5 * 5;
  for (int history = 0; history < all; ++history) {
    child_restarts child{options};
    uint32_t in_window = 0;
    uint32_t cool_downs = 0;
    auto now = start;
    for (int i = 0, rest = history; i < steps; ++i, rest /= 5) {
      CAPTURE(to_string(type), history, i);
      now += 1ms;
      if (rest % 5 == 4) {
        child.on_up(now);
        REQUIRE(child.up());
        continue;
      }
      auto how = static_cast<exit_class>(rest % 5);
      auto decision = child.on_exit(how, now, 0.5);
      REQUIRE_FALSE(child.up());
      if (!must_restart(type, how)) {
        REQUIRE(decision == restart_decision{});
      } else if (in_window < options.intensity) {
        ++in_window;
        REQUIRE(decision == restart_after(100ms * in_window, in_window));
      } else {
        REQUIRE(decision == fail_for(60s * (1 << cool_downs), 2));
        ++cool_downs;
        in_window = 0;
      }
    }
  }
}

TEST_CASE("a supervisor that gave up cools down at once and does not count",
          "[child_restarts]") {
  bulwark::restart_options options;
  options.intensity = 1;
  bulwark::child_restarts child{options};
  const auto start = bulwark::time_point{} + std::chrono::hours{1};
  child.begin_start();
  CHECK_FALSE(child.on_up(start));
  auto first = child.on_gave_up(start);
  CHECK(first.action == bulwark::restart_action::fail);
  CHECK(first.delay == options.cool_down);
  child.begin_start();
  CHECK(child.on_up(start + options.cool_down) == options.cool_down);
  CHECK(
    child.on_exit(bulwark::exit_class::abnormal, start + options.cool_down, 0.5)
      .action
    == bulwark::restart_action::restart);
  options.type = bulwark::restart_type::temporary;
  CHECK(bulwark::child_restarts{options}.on_gave_up(start).action
        == bulwark::restart_action::forget);
}

TEST_CASE("stopping a child keeps its outage open", "[child_restarts]") {
  bulwark::child_restarts child{bulwark::restart_options{}};
  const auto start = bulwark::time_point{} + std::chrono::hours{1};
  child.begin_start();
  child.on_up(start);
  auto decision = child.on_exit(bulwark::exit_class::abnormal, start, 0.5);
  CHECK(decision.action == bulwark::restart_action::restart);
  child.on_stopped(start);
  CHECK_FALSE(child.up());
  CHECK(child.on_up(start + std::chrono::seconds{9})
        == std::chrono::seconds{9});
}

// A child that was stopped with its group, or failed together with its
// supervisor, kept the long delay of failures from before its healthy hours.
TEST_CASE("a child that stayed up begins anew, however it went down",
          "[child_restarts]") {
  bulwark::restart_options options;
  options.jitter = 0;
  bulwark::child_restarts child{options};
  const auto start = bulwark::time_point{} + std::chrono::hours{1};
  auto fail = [&](bulwark::time_point at) {
    return child.on_exit(bulwark::exit_class::abnormal, at, 0.5).delay;
  };
  child.on_up(start);
  CHECK(fail(start) == options.initial);
  CHECK(fail(start) == 2 * options.initial);
  child.on_up(start);
  const auto later = start + options.reset_after;
  SECTION("stopped") {
    child.on_stopped(later);
  }
  SECTION("failed with others") {
    child.on_failed(later);
  }
  child.on_up(later);
  CHECK(fail(later) == options.initial);
}

TEST_CASE("an outage that others decide about lasts until the child is back",
          "[child_restarts]") {
  bulwark::child_restarts child{bulwark::restart_options{}};
  const auto start = bulwark::time_point{} + std::chrono::hours{1};
  child.on_up(start);
  child.on_failed(start);
  child.on_failed(start + std::chrono::seconds{1});
  CHECK_FALSE(child.up());
  CHECK(child.on_up(start + std::chrono::seconds{3})
        == std::chrono::seconds{3});
}

TEST_CASE("a window of its own counts apart from the others",
          "[child_restarts]") {
  auto options = exact();
  options.intensity = 1;
  child_restarts child{options};
  auto now = start;
  auto crash = [&](std::optional<cause_window> own = std::nullopt) {
    now += 1s;
    return child.on_exit(exit_class::abnormal, now, 0.5, own);
  };
  cause_window mine{1, 2, 10min};
  CHECK(crash(mine).restarts_in_window == 1);
  CHECK(crash(mine).restarts_in_window == 2);
  CHECK(crash().action == restart_action::restart);
  CHECK(crash(cause_window{0, 1, 1min}).action == restart_action::restart);
  auto beyond = crash(mine);
  CHECK(beyond.action == restart_action::fail);
  CHECK(beyond.restarts_in_window == 2);
  // After the cool-down all windows are fresh.
  CHECK(crash(mine).restarts_in_window == 1);
  CHECK(crash().restarts_in_window == 1);
  child.forgive();
  CHECK(crash(mine).restarts_in_window == 1);
}
