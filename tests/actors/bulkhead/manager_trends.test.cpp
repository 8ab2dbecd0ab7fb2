#include "actors/bulkhead/manager_fixture.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;
using namespace std::chrono_literals;
using test::manager_fixture;

TEST_CASE("the use of all bulkheads is written down every ten seconds",
          "[manager][trends]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  const auto& handle = fixture.manager.handle();
  auto none =
    fixture.ask<performance_trends>(handle, performance_trends_request{1});
  CHECK(none.message == "No recent metrics available");
  fixture.rig.advance(9s);
  CHECK(fixture.manager.trends(1)->metrics_count == 0);
  fixture.rig.advance(1s);
  REQUIRE(fixture.manager.allocate("users", {{"web_threads", 10}}));
  fixture.rig.advance(10s);
  REQUIRE(fixture.manager.allocate("orders", {{"web_threads", 10}}));
  fixture.rig.advance(10s);
  auto trends =
    fixture.ask<performance_trends>(handle, performance_trends_request{1});
  CHECK(trends == *fixture.manager.trends(1));
  CHECK(trends.time_period_hours == 1.0);
  CHECK(trends.metrics_count == 3);
  CHECK(trends.covered == 20s);
  REQUIRE(trends.bulkhead_trends.size() == 3);
  const auto& threads = trends.bulkhead_trends.at("web_threads");
  CHECK(threads.min_utilization == 0.0);
  CHECK(threads.max_utilization == 100.0);
  CHECK(threads.avg_utilization == Approx(50.0));
  CHECK(threads.current_utilization == 100.0);
  CHECK(threads.trend_direction == trend_direction::increasing);
  CHECK(trends.bulkhead_trends.at("cache_memory").trend_direction
        == trend_direction::stable);
}

TEST_CASE("samples are kept as many and as often as was said",
          "[manager][trends]") {
  manager_fixture fixture{1s, 5};
  fixture.add("web_threads", {});
  fixture.rig.advance(1h);
  auto trends = fixture.manager.trends(24);
  CHECK(trends->metrics_count == 5);
  CHECK(trends->covered == 4s);
}

TEST_CASE("a period is between a second and a year", "[manager][trends]") {
  manager_fixture fixture;
  for (auto hours : {0.0, -1.0, 1e9, std::numeric_limits<double>::quiet_NaN(),
                     std::numeric_limits<double>::infinity()}) {
    auto why = fixture.error_of(fixture.manager.handle(),
                                performance_trends_request{hours});
    CHECK(code_of(why, {}) == errc::invalid_option);
    CHECK_THAT(describe(why), Catch::StartsWith("performance_trends.hours is"));
  }
  CHECK(fixture.manager.trends(8760));
}

TEST_CASE("samples end with their manager", "[manager][trends]") {
  manager_fixture fixture;
  fixture.add("web_threads", {});
  fixture.rig.advance(1min);
  fixture.manager.stop();
  fixture.rig.advance(1min);
  CHECK(fixture.manager.trends(1)->metrics_count == 6);
  CHECK(fixture.manager.health().total_bulkheads == 1);
}
