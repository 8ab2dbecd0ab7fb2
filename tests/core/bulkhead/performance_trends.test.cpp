// Every figure of the seed's get_performance_trends, under its name.

#include <bulwark/bulkhead/performance_trends.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto start = time_point{} + 1h;

bulkhead_stats used(const std::string& name, double percent) {
  bulkhead_stats result;
  result.name = name;
  result.utilization_percent = percent;
  return result;
}

} // namespace

TEST_CASE("trends have every figure of each bulkhead", "[bulkhead][trends]") {
  metrics_history history{1000};
  for (int i = 0; i < 6; ++i)
    history.add({used("web_threads", 10.0 * i), used("db_connections", 40.0),
                 used("cache_memory", 90.0 - 10.0 * i)},
                start + i * 10s);
  auto trends = history.trends(1h, start + 50s);
  CHECK(trends.time_period_hours == 1.0);
  CHECK(trends.metrics_count == 6);
  CHECK(trends.covered == 50s);
  CHECK(trends.message.empty());
  REQUIRE(trends.bulkhead_trends.size() == 3);
  const auto& threads = trends.bulkhead_trends.at("web_threads");
  CHECK(threads.min_utilization == 0.0);
  CHECK(threads.max_utilization == 50.0);
  CHECK(threads.avg_utilization == Approx(25.0));
  CHECK(threads.current_utilization == 50.0);
  CHECK(to_string(threads.trend_direction) == "increasing");
  const auto& connections = trends.bulkhead_trends.at("db_connections");
  CHECK(connections.avg_utilization == Approx(40.0));
  CHECK(to_string(connections.trend_direction) == "stable");
  // The seed calls this one stable.
  CHECK(to_string(trends.bulkhead_trends.at("cache_memory").trend_direction)
        == "decreasing");
}

TEST_CASE("without samples in the period there is a message",
          "[bulkhead][trends]") {
  metrics_history history{1000};
  auto trends = history.trends(1h, start);
  CHECK(trends.message == "No recent metrics available");
  CHECK(trends.metrics_count == 0);
  CHECK(trends.time_period_hours == 1.0);
  history.add({used("web_threads", 10.0)}, start);
  CHECK(history.trends(1h, start + 2h).message
        == "No recent metrics available");
  CHECK(history.trends(1h, start).message.empty());
}

TEST_CASE("what the ring does not hold any more is not covered",
          "[bulkhead][trends]") {
  metrics_history history{10};
  for (int i = 0; i < 100; ++i)
    history.add({used("web_threads", 1.0 * i)}, start + i * 10s);
  auto trends = history.trends(24h, start + 990s);
  CHECK(trends.time_period_hours == 24.0);
  CHECK(trends.metrics_count == 10);
  CHECK(trends.covered == 90s);
  CHECK(trends.bulkhead_trends.at("web_threads").min_utilization == 90.0);
}

TEST_CASE("a bulkhead that came later has fewer samples",
          "[bulkhead][trends]") {
  metrics_history history{1000};
  history.add({used("web_threads", 10.0)}, start);
  history.add({used("web_threads", 10.0), used("late", 5.0)}, start + 10s);
  auto trends = history.trends(1h, start + 10s);
  CHECK(trends.metrics_count == 2);
  CHECK(trends.covered == 10s);
  CHECK(trends.bulkhead_trends.at("late").metrics_count == 1);
}
