// What monitors hear of guards, and threads that share one.

#include "actors/events/lone_monitor.hpp"
#include "actors/protection/manual_clock.hpp"

#include <bulwark/protection/guard.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

TEST_CASE("each change of a guard's breaker is one event", "[guard]") {
  test::deterministic_system sys;
  test::lone_monitor monitor{sys, "alpha"};
  test::manual_clock clock;
  guard its{"external_api",
            {.breaker = {.failure_threshold = 1,
                         .recovery_timeout = 10s,
                         .success_threshold = 1,
                         .jitter = 0}},
            {.events = monitor.running.events, .clock = &clock}};
  auto fail = [](attempt&) { throw std::runtime_error("down"); };
  CHECK_THROWS(its.call(fail, {.endpoint = "/pay"}));
  clock.pass(10s);
  its.call([](attempt&) {}, {.endpoint = "/pay"});
  its.set(breaker_state::forced_open);
  its.set(breaker_state::disabled);
  sys.run();
  std::vector<std::string> texts;
  for (const auto& each : monitor.own)
    if (each.component == "external_api")
      texts.push_back(to_text(each));
  CHECK(texts
        == std::vector<std::string>{
          "alpha breaker_opened component=external_api "
          "reason=\"Circuit breaker OPENED after 1 failures\" endpoint=/pay "
          "state=open cause=failures open_for=10s",
          "alpha breaker_half_opened component=external_api "
          "reason=\"Circuit breaker transitioning to HALF_OPEN\" "
          "endpoint=/pay state=half_open cause=recovery_time_over",
          "alpha breaker_closed component=external_api "
          "reason=\"Circuit breaker CLOSED - service recovered\" "
          "endpoint=/pay state=closed cause=probes_succeeded",
          "alpha breaker_opened component=external_api "
          "reason=\"Circuit breaker set to forced_open\" state=forced_open "
          "cause=told_by_operator",
          "alpha breaker_closed component=external_api "
          "reason=\"Circuit breaker set to disabled\" state=disabled "
          "cause=told_by_operator"});
  for (const auto& each : monitor.own)
    if (each.kind == event_kind::breaker_opened)
      CHECK(each.level == severity::low);
}

TEST_CASE("threads that share a guard are told its changes in their order",
          "[guard][threads]") {
  constexpr int threads = 4;
  test::manual_clock clock;
  std::vector<breaker_change> told;
  guard its{"api",
            {.breaker = {.failure_threshold = 2,
                         .recovery_timeout = 1ms,
                         .success_threshold = 2}},
            {.on_change = [&](const breaker_change& x) { told.push_back(x); },
             .clock = &clock}};
  std::atomic<uint64_t> ended{0};
  auto work = [&] {
    for (int i = 0; i < 5'000; ++i) {
      clock.pass(20us);
      try {
        its.call([&](attempt&) {
          ++ended;
          if (i / 50 % 2 == 0)
            throw std::runtime_error("down");
        });
      } catch (const std::runtime_error&) {
      }
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(work);
  for (auto& each : all)
    each.join();
  CHECK(its.metrics().total_calls == ended);
  CHECK(told.size() > 10);
  uint32_t period = 1;
  auto state = breaker_state::closed;
  for (const auto& each : told) {
    REQUIRE(each.period == ++period);
    REQUIRE(each.from == state);
    state = each.to;
  }
}

// pybreaker held its lock while the function ran (its #3 and #41).
TEST_CASE("calls of threads that share a guard run beside each other",
          "[guard][threads]") {
  test::manual_clock clock;
  guard its{"api", {}, {.clock = &clock}};
  std::atomic<int> within{0};
  auto work = [&] {
    its.call([&](attempt&) {
      ++within;
      while (within < 2)
        std::this_thread::yield();
    });
  };
  std::thread other{work};
  work();
  other.join();
  CHECK(its.metrics().total_calls == 2);
}
