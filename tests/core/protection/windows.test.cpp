#include "core/protection/breaker_rig.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;
using rig = test::breaker_rig;

} // namespace

TEST_CASE("windows forget with time alone", "[breaker]") {
  rig x{{.policy = breaker_policy::time_window,
         .window = 10s,
         .calls_min = 4,
         .failure_rate = 0.5,
         .jitter = 0}};
  x.fail(3);
  CHECK(x.metrics().failure_count == 3);
  x.now += 10s;
  CHECK(x.metrics().failure_count == 0);
  x.fail(3);
  CHECK(x.state() == closed);
  x.fail();
  CHECK(x.state() == open);
  CHECK(x.metrics().failure_count == 4);
}

TEST_CASE("slow calls open a window, slow probes open it again", "[breaker]") {
  rig x{{.policy = breaker_policy::count_window,
         .recovery_timeout = 10s,
         .success_threshold = 2,
         .window_calls = 10,
         .calls_min = 2,
         .slow_call = 1s,
         .jitter = 0}};
  auto slow = call_end{call_outcome::success, 1001ms};
  x.end(x.begin(), {call_outcome::success, 1s});
  x.end(x.begin(), slow);
  x.end(x.begin(), slow);
  // Ten calls, nine of them slow: not all.
  for (int i = 0; i < 7; ++i)
    x.end(x.begin(), slow);
  CHECK(x.state() == closed);
  x.end(x.begin(), slow);
  CHECK(x.state() == open);
  CHECK(x.changes.back().why == breaker_cause::slow_rate);
  x.now += 10s;
  x.end(x.begin(), slow);
  x.end(x.begin(), slow);
  CHECK(x.state() == open);
  x.now += 10s;
  x.end(x.begin(), slow);
  x.succeed();
  CHECK(x.state() == closed);
}

TEST_CASE("a period begins with an empty window", "[breaker]") {
  auto policy =
    GENERATE(breaker_policy::count_window, breaker_policy::time_window);
  rig x{{.policy = policy,
         .recovery_timeout = 1ms,
         .success_threshold = 1,
         .window_calls = 4,
         .window = 1h,
         .calls_min = 4,
         .jitter = 0}};
  auto late = x.begin();
  // More often than the numbers that windows know periods by.
  for (int round = 0; round < 70'000 / TEST_SHARE; ++round) {
    x.fail(3);
    REQUIRE(x.state() == closed);
    x.fail();
    REQUIRE(x.state() == open);
    x.now += 1ms;
    x.succeed();
    REQUIRE(x.state() == closed);
  }
  x.end(late, call_outcome::failure);
  x.fail(3);
  CHECK(x.state() == closed);
}

// Windows and times know a period by the last 16 bits of its number.
TEST_CASE("a breaker that was given to very many endpoints works as a new one",
          "[breaker]") {
  auto policy = GENERATE(breaker_policy::counter, breaker_policy::count_window,
                         breaker_policy::time_window);
  auto times = GENERATE(32'767, 40'000, 65'535, 65'536, 70'000);
  CAPTURE(to_string(policy), times);
  rig x{{.policy = policy,
         .failure_threshold = 2,
         .recovery_timeout = 10s,
         .success_threshold = 1,
         .calls_min = 2,
         .jitter = 0}};
  x.fail(2);
  x.now += 10s;
  x.succeed();
  REQUIRE(x.state() == closed);
  for (int i = 0; i < times; ++i)
    REQUIRE(x.its.reuse(x.now));
  for (int round = 0; round < 2; ++round) {
    x.fail();
    CHECK(x.metrics().failure_count == 1);
    x.fail();
    REQUIRE(x.state() == open);
    CHECK(x.its.due() == x.now + 10s);
    x.now += 10s;
    x.succeed();
    REQUIRE(x.state() == closed);
  }
  if (policy == breaker_policy::counter)
    return;
  auto slow = call_end{call_outcome::success, 3s};
  x.end(x.begin(), slow);
  x.now += 5s;
  x.end(x.begin(), slow);
  CHECK(x.state() == open);
}

TEST_CASE("after an outage of very many trials windows work", "[breaker]") {
  auto policy =
    GENERATE(breaker_policy::count_window, breaker_policy::time_window);
  auto times = GENERATE(16'000, 17'000, 33'000);
  rig x{{.policy = policy,
         .recovery_timeout = 1s,
         .success_threshold = 1,
         .calls_min = 2,
         .jitter = 0}};
  x.fail(2);
  for (int i = 0; i < times; ++i) {
    x.now += 1s;
    x.fail();
    REQUIRE(x.state() == open);
  }
  x.now += 1s;
  x.succeed();
  REQUIRE(x.state() == closed);
  x.fail();
  x.now += 5s;
  x.fail();
  CHECK(x.state() == open);
}
