#include "support/dice.hpp"

#include <bulwark/bulkhead/trend.hpp>

#include <catch2/catch.hpp>

#include <functional>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

// One sample every ten seconds; the last one is `now`.
struct history {
  sample_ring ring;
  time_point now{};

  history(size_t count, const std::function<double(size_t)>& use) {
    for (size_t i = 0; i < count; ++i) {
      now = start + i * 10s;
      ring.add({now, use(i)});
    }
  }

  usage_trend over(duration period) const {
    auto result = trend_of(ring, now, period);
    REQUIRE(result);
    return *result;
  }
};

} // namespace

TEST_CASE("a ring keeps the last thousand samples, oldest first", "[trend]") {
  sample_ring ring;
  for (int i = 0; i < 2345; ++i) {
    ring.add({start + i * 1s, double(i)});
    auto kept = std::min(i + 1, 1000);
    REQUIRE(ring.size() == static_cast<size_t>(kept));
    REQUIRE(ring[0].utilization_percent == i + 1 - kept);
    REQUIRE(ring[ring.size() - 1].utilization_percent == i);
  }
  CHECK(ring[1].utilization_percent == 1346);
}

TEST_CASE("without a sample in the period there is no trend", "[trend]") {
  sample_ring ring;
  CHECK_FALSE(trend_of(ring, start, 1h));
  ring.add({start, 50});
  CHECK_FALSE(trend_of(ring, start + 2h, 1h));
  CHECK(trend_of(ring, start + 1h, 1h));
  CHECK_FALSE(trend_of(ring, start - 1s, 1h));
}

TEST_CASE("a trend tells the least, the most, the mean and the latest",
          "[trend]") {
  history given{5, [](size_t i) { return i == 2 ? 90.0 : 10.0 * i; }};
  auto trend = given.over(1h);
  CHECK(trend.min_utilization == 0);
  CHECK(trend.max_utilization == 90);
  CHECK(trend.avg_utilization == Approx(34));
  CHECK(trend.current_utilization == 40);
  CHECK(trend.metrics_count == 5);
}

TEST_CASE("only the period counts, both ends included", "[trend]") {
  history given{100, [](size_t i) { return double(i); }};
  auto trend = given.over(90s);
  CHECK(trend.metrics_count == 10);
  CHECK(trend.min_utilization == 90);
  CHECK(trend.covered == 90s);
}

TEST_CASE("a period longer than what is kept says how much it covers",
          "[trend]") {
  history given{1500, [](size_t) { return 50.0; }};
  auto trend = given.over(24h);
  CHECK(trend.metrics_count == 1000);
  CHECK(trend.covered == 9990s);
}

TEST_CASE("the direction is that of the line through the samples", "[trend]") {
  auto direction = [](size_t count, const std::function<double(size_t)>& use) {
    return history{count, use}.over(24h).trend_direction;
  };
  using enum trend_direction;
  CHECK(direction(61, [](size_t i) { return 20 + i * 0.1; }) == increasing);
  CHECK(direction(61, [](size_t i) { return 90 - i * 0.1; }) == decreasing);
  CHECK(direction(61, [](size_t i) { return 20 + i * 0.05; }) == stable);
  CHECK(direction(61, [](size_t) { return 95.0; }) == stable);
  CHECK(direction(1, [](size_t) { return 95.0; }) == stable);
  // A seesaw whose last sample is far above the first.
  CHECK(direction(62, [](size_t i) { return i % 2 == 0 ? 10.0 : 90.0; })
        == stable);
  // One odd sample at the end of a fall.
  CHECK(direction(61, [](size_t i) { return i == 60 ? 99 : 90.0 - i; })
        == decreasing);
}

TEST_CASE("five percent from the first sample to the last are a direction",
          "[trend]") {
  history given{11, [](size_t i) { return 50 + i * 0.5; }};
  CHECK(given.over(1h).trend_direction == trend_direction::increasing);
  CHECK(given.over(90s).trend_direction == trend_direction::stable);
  CHECK(given.over(1h).slope_per_hour == Approx(180));
}

TEST_CASE("samples that were taken at the same moment have no direction",
          "[trend]") {
  sample_ring ring;
  ring.add({start, 0});
  ring.add({start, 100});
  auto trend = trend_of(ring, start, 1h);
  REQUIRE(trend);
  CHECK(trend->trend_direction == trend_direction::stable);
  CHECK(trend->slope_per_hour == 0);
}

TEST_CASE("the slope is the one of least squares", "[trend]") {
  test::dice dice{5};
  for (int round = 0; round < 200; ++round) {
    auto count = 2 + dice.below(200);
    std::vector<double> uses;
    for (size_t i = 0; i < count; ++i)
      uses.push_back(static_cast<double>(dice.below(1000)) / 10);
    history given{count, [&](size_t i) { return uses[i]; }};
    // The textbook's formula, in hours.
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (size_t i = 0; i < count; ++i) {
      auto at = static_cast<double>(i) / 360;
      x += at;
      y += uses[i];
      xx += at * at;
      xy += at * uses[i];
    }
    auto n = static_cast<double>(count);
    auto slope = (n * xy - x * y) / (n * xx - x * x);
    REQUIRE(given.over(24h).slope_per_hour == Approx(slope).margin(1e-6));
  }
}
