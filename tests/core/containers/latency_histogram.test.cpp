#include "support/dice.hpp"

#include <bulwark/containers/detail/latency_histogram.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

// As long as up to 2^46 ns (19.5 h), short ones as often as long ones.
std::vector<duration> durations(size_t n, uint64_t seed) {
  test::dice dice{seed};
  std::vector<duration> result;
  while (result.size() < n) {
    auto most = size_t{1} << dice.below(47);
    result.push_back(duration{static_cast<int64_t>(dice.below(most))});
  }
  return result;
}

latency_histogram histogram_of(const std::vector<duration>& values) {
  latency_histogram result;
  for (auto value : values)
    result.record(value);
  return result;
}

bool close(duration told, duration real) {
  auto off = std::chrono::abs(told - real);
  return off <= std::max<duration>(real / 63, 16ns);
}

} // namespace

TEST_CASE("nothing counted is zero everywhere", "[latency_histogram]") {
  latency_histogram none;
  CHECK(none.count() == 0);
  for (auto percent : {0.0, 50.0, 100.0})
    CHECK(none.percentile(percent) == 0ns);
  CHECK(none.min() == 0ns);
  CHECK(none.max() == 0ns);
  CHECK(none.mean() == 0ns);
}

TEST_CASE("percentiles are those of the sorted list, within 1.6 %",
          "[latency_histogram]") {
  auto n = GENERATE(size_t{1}, size_t{2}, size_t{10}, size_t{100}, size_t{1000},
                    size_t{20000});
  auto values = durations(n, 1122 + n);
  auto told = histogram_of(values);
  std::sort(values.begin(), values.end());
  for (auto percent : {0.01, 1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 99.99}) {
    auto rank = std::ceil(percent * static_cast<double>(n) / 100.0 - 1e-6);
    auto real = values[static_cast<size_t>(std::max(rank, 1.0)) - 1];
    CAPTURE(n, percent, told.percentile(percent).count(), real.count());
    CHECK(close(told.percentile(percent), real));
  }
  CHECK(told.percentile(0) == values.front());
  CHECK(told.percentile(100) == values.back());
}

TEST_CASE("a percentile falls on the rank that it names",
          "[latency_histogram]") {
  latency_histogram told;
  for (int i = 0; i < 999; ++i)
    told.record(1ms);
  told.record(1s);
  CHECK(close(told.percentile(99.9), 1ms));
  CHECK(close(told.percentile(99.91), 1s));
}

TEST_CASE("count, minimum, maximum and mean are exact", "[latency_histogram]") {
  auto values = durations(5000, 7);
  auto told = histogram_of(values);
  CHECK(told.count() == 5000);
  CHECK(told.min() == *std::min_element(values.begin(), values.end()));
  CHECK(told.max() == *std::max_element(values.begin(), values.end()));
  auto sum = std::accumulate(values.begin(), values.end(), duration::zero());
  CHECK(std::chrono::abs(told.mean() - sum / 5000) <= 1us);
  CHECK(histogram_of({1ns, 2ns, 6ns}).mean() == 3ns);
}

TEST_CASE("the mean of very many very long ones does not overflow",
          "[latency_histogram]") {
  latency_histogram told;
  told.record(200h * 24 * 365);
  for (int doubling = 0; doubling < 20; ++doubling) {
    auto copy = told;
    told.merge(copy);
  }
  CHECK(told.count() == 1u << 20);
  CHECK(std::chrono::abs(told.mean() - 200h * 24 * 365) < 1s);
}

TEST_CASE("merged parts are equal to the whole", "[latency_histogram]") {
  auto values = durations(3000, 99);
  for (size_t parts : {1u, 2u, 7u, 100u}) {
    std::vector<latency_histogram> part(parts);
    for (size_t i = 0; i < values.size(); ++i)
      part[i % parts].record(values[i]);
    latency_histogram merged;
    for (const auto& one : part)
      merged.merge(one);
    merged.merge(latency_histogram{});
    CHECK(merged == histogram_of(values));
  }
}

TEST_CASE("a cleared histogram is as new", "[latency_histogram]") {
  auto told = histogram_of(durations(100, 3));
  told.clear();
  CHECK(told == latency_histogram{});
}

TEST_CASE("what is out of range is counted at its end", "[latency_histogram]") {
  latency_histogram told;
  told.record(-5s);
  CHECK(told.min() == 0ns);
  CHECK(told.percentile(50) == 0ns);
  told.record(duration::max());
  CHECK(told.percentile(99) == duration::max());
  CHECK(told.max() == duration::max());
  auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(told.percentile(nan) == 0ns);
  CHECK(told.percentile(-3) == 0ns);
  CHECK(told.percentile(300) == duration::max());
}

TEST_CASE("every duration has a bucket whose middle is close to it",
          "[latency_histogram]") {
  auto check = [](int64_t ticks) {
    latency_histogram told;
    // Two others, so that the answer is not clamped to what was recorded.
    told.record(0ns);
    told.record(duration{ticks});
    told.record(duration::max());
    CAPTURE(ticks, told.percentile(50).count());
    REQUIRE(close(told.percentile(50), duration{ticks}));
  };
  for (int64_t ticks = 0; ticks < 3000; ++ticks)
    check(ticks);
  for (unsigned bits = 10; bits < 47; ++bits)
    for (int64_t off : {-33, -1, 0, 1, 33})
      check((int64_t{1} << bits) + off);
}
