#include <bulwark/protection/detail/keyed_breakers.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;

constexpr breaker_options two{.failure_threshold = 2,
                              .recovery_timeout = 10s,
                              .success_threshold = 1,
                              .jitter = 0,
                              .keys_max = 2};

constexpr time_point start{1h};

/// Returns whether the call was let through.
bool call(keyed_breakers& at, const std::string& endpoint, call_outcome how,
          time_point now = start) {
  auto verdict = at.admit(endpoint, now);
  if (verdict.said.admitted)
    verdict.by->record(verdict.said.ticket, {how, 1ms}, now);
  return verdict.said.admitted;
}

bool fail(keyed_breakers& at, const std::string& endpoint) {
  return call(at, endpoint, call_outcome::failure);
}

bool succeed(keyed_breakers& at, const std::string& endpoint) {
  return call(at, endpoint, call_outcome::success);
}

} // namespace

TEST_CASE("each endpoint has a breaker of its own", "[breaker][keyed]") {
  keyed_breakers x{two};
  fail(x, "/pay");
  fail(x, "/pay");
  CHECK_FALSE(succeed(x, "/pay"));
  CHECK(succeed(x, "/ship"));
  CHECK(x.find("/pay").state() == open);
  CHECK(x.find("/ship").state() == closed);
  CHECK(x.size() == 2);
}

TEST_CASE("a new endpoint displaces a clean one, and never one that counts "
          "failures",
          "[breaker][keyed]") {
  keyed_breakers x{two};
  fail(x, "/failing");
  for (int i = 0; i < 100; ++i)
    CHECK(succeed(x, "/clean/" + std::to_string(i)));
  CHECK(x.size() == 2);
  CHECK(x.find("/clean/99").metrics(start).total_calls == 1);
  CHECK(x.find("/clean/99").metrics(start).recent_calls == 1);
  CHECK(x.find("/failing").metrics(start).failure_count == 1);
  CHECK(x.shared().metrics(start).total_calls == 0);
  fail(x, "/failing");
  CHECK_FALSE(succeed(x, "/failing"));
}

TEST_CASE("where none is clean new endpoints share one breaker, and none "
          "leaves its failures behind",
          "[breaker][keyed]") {
  keyed_breakers x{two};
  fail(x, "/a");
  fail(x, "/b");
  fail(x, "/c");
  CHECK(&x.find("/c") == &x.shared());
  // Now there is room, but /c would begin anew.
  succeed(x, "/a");
  fail(x, "/c");
  CHECK_FALSE(succeed(x, "/c"));
  CHECK_FALSE(succeed(x, "/d"));
  CHECK(call(x, "/d", call_outcome::success, start + 10s));
  CHECK(x.shared().state() == closed);
  CHECK(succeed(x, "/d"));
  CHECK(&x.find("/d") != &x.shared());
}

TEST_CASE("a call of an endpoint that was forgotten does not count against "
          "the new one",
          "[breaker][keyed]") {
  auto options = two;
  options.keys_max = 1;
  keyed_breakers x{options};
  auto old = x.admit("/old", start);
  auto other = x.admit("/new", start);
  CHECK(other.by == old.by);
  REQUIRE(other.forgot);
  CHECK(other.forgot->why == breaker_cause::other_endpoint);
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(
      old.by->record(old.said.ticket, {call_outcome::failure, 1ms}, start));
  CHECK(x.find("/new").metrics(start).failure_count == 0);
}

TEST_CASE("a breaker with failures in its window is not clean",
          "[breaker][keyed]") {
  auto policy =
    GENERATE(breaker_policy::count_window, breaker_policy::time_window);
  auto options = two;
  options.policy = policy;
  options.calls_min = 10;
  options.keys_max = 1;
  keyed_breakers x{options};
  fail(x, "/failing");
  succeed(x, "/other");
  CHECK(&x.find("/other") == &x.shared());
  CHECK(x.find("/failing").metrics(start).failure_count == 1);
}

TEST_CASE("so many endpoints are known and no more", "[breaker][keyed]") {
  auto options = two;
  options.keys_max = 60;
  keyed_breakers x{options};
  for (int i = 0; i < 1000; ++i)
    succeed(x, "/" + std::to_string(i));
  CHECK(x.size() == 64);
  int breakers = 0;
  x.each([&](const breaker&) { ++breakers; });
  CHECK(breakers == 65);
}
