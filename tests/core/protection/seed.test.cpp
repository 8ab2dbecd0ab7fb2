// The seed's circuit breaker: its numbers and its messages, as a table that one
// can follow by hand. Where it was wrong the row says so.

#include "core/protection/breaker_rig.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// What happens, and what the metrics say then.
struct row {
  enum class act { succeed, fail, refused, wait } what;
  duration wait = {};
  breaker_state state = breaker_state::closed;
  uint32_t failure_count = 0;
  uint64_t total_calls = 0;
  double success_rate = 0;
  std::string message = {};
};

using enum breaker_state;
using act = row::act;

const std::string opened = "Circuit breaker OPENED after 5 failures";
const std::string opened_again = "Circuit breaker OPENED after 6 failures";
const std::string trying = "Circuit breaker transitioning to HALF_OPEN";
const std::string well = "Circuit breaker CLOSED - service recovered";

// failure_threshold 5, recovery_timeout 60 s, success_threshold 3
const std::vector<row> table{
  {act::succeed, {}, closed, 0, 1, 100},
  {act::fail, {}, closed, 1, 2, 50},
  {act::fail, {}, closed, 2, 3, 100.0 / 3},
  // Gradually reduces the failure count.
  {act::succeed, {}, closed, 1, 4, 50},
  {act::fail, {}, closed, 2, 5, 40},
  {act::fail, {}, closed, 3, 6, 200.0 / 6},
  {act::fail, {}, closed, 4, 7, 200.0 / 7},
  {act::fail, {}, open, 5, 8, 25, opened},
  // What is refused is no call.
  {act::refused, {}, open, 5, 8, 25},
  {act::wait, 59s, open, 5, 8, 25},
  {act::refused, {}, open, 5, 8, 25},
  {act::wait, 1s, open, 5, 8, 25},
  {act::succeed, {}, half_open, 5, 9, 300.0 / 9, trying},
  {act::fail, {}, open, 6, 10, 30, opened_again},
  {act::wait, 60s, open, 6, 10, 30},
  {act::succeed, {}, half_open, 6, 11, 400.0 / 11, trying},
  {act::succeed, {}, half_open, 6, 12, 500.0 / 12},
  {act::succeed, {}, closed, 0, 13, 600.0 / 13, well},
  {act::fail, {}, closed, 1, 14, 600.0 / 14},
  // Five minutes later nothing of it is recent. Without recent calls the seed
  // leaves the field recent_calls out.
  {act::wait, 310s, closed, 1, 14, 0},
  {act::succeed, {}, closed, 0, 15, 100},
};

} // namespace

TEST_CASE("a breaker tells the seed's numbers and messages", "[breaker]") {
  breaker_options options;
  CHECK(options.failure_threshold == 5);
  CHECK(options.recovery_timeout == 60s);
  CHECK(options.success_threshold == 3);
  options.jitter = 0;
  test::breaker_rig rig{options};
  CHECK(rig.metrics() == breaker_metrics{});
  size_t number = 0;
  for (const auto& each : table) {
    CAPTURE(++number);
    auto known = rig.changes.size();
    switch (each.what) {
    case act::succeed:
      CHECK(rig.succeed());
      break;
    case act::fail:
      CHECK(rig.fail());
      break;
    case act::refused:
      CHECK_FALSE(rig.succeed());
      break;
    case act::wait:
      rig.now += each.wait;
      break;
    }
    auto metrics = rig.metrics();
    CHECK(metrics.state == each.state);
    CHECK(metrics.failure_count == each.failure_count);
    CHECK(metrics.total_calls == each.total_calls);
    CHECK(metrics.success_rate == Approx(each.success_rate));
    CHECK(metrics.avg_response_time == Approx(each.success_rate == 0 ? 0 : 10));
    REQUIRE(rig.changes.size() == known + (each.message.empty() ? 0 : 1));
    if (!each.message.empty())
      CHECK(to_text(rig.changes.back()) == each.message);
  }
  CHECK(rig.metrics().refused == 2);
}

TEST_CASE("the seed's late failures prolonged the open time, ours do not",
          "[breaker]") {
  test::breaker_rig rig{{.failure_threshold = 1, .jitter = 0}};
  auto late = rig.begin();
  rig.fail();
  rig.now += 59s;
  rig.end(late, call_outcome::failure);
  CHECK(rig.metrics().total_calls == 2);
  CHECK(rig.metrics().last_failure == rig.now);
  rig.now += 1s;
  CHECK(rig.succeed());
}

TEST_CASE("the seed's half_open let everybody through, ours its probes",
          "[breaker]") {
  test::breaker_rig rig{{.failure_threshold = 1, .jitter = 0}};
  rig.fail();
  rig.now += 60s;
  int through = 0;
  for (int i = 0; i < 100; ++i)
    through += rig.begin() ? 1 : 0;
  CHECK(through == 3);
}
