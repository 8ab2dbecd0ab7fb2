#include <bulwark/supervision/detail/intensity.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

} // namespace

TEST_CASE("five restarts are within five in 60 s, the sixth is not",
          "[intensity]") {
  restart_intensity limit{5, 60s};
  for (int i = 0; i < 5; ++i)
    CHECK(limit.add(start + i * 1s));
  CHECK_FALSE(limit.add(start + 5s));
  CHECK(limit.count() == 5);
}

TEST_CASE("both ends of the window count", "[intensity]") {
  restart_intensity limit{1, 60s};
  CHECK(limit.add(start));
  CHECK_FALSE(limit.add(start + 60s));
  CHECK(limit.add(start + 60s + 1ns));
}

TEST_CASE("what is left grows again as restarts leave the window",
          "[intensity]") {
  restart_intensity limit{3, 60s};
  CHECK(limit.left(start) == 3);
  CHECK(limit.add(start));
  CHECK(limit.add(start + 30s));
  CHECK(limit.left(start + 60s) == 1);
  CHECK(limit.left(start + 60s + 1ns) == 2);
  CHECK(limit.left(start + 2h) == 3);
  // A clock that goes back widens nothing.
  CHECK(limit.left(start - 1h) == 1);
  limit.change(1, 60s);
  CHECK(limit.left(start + 31s) == 0);
  CHECK(restart_intensity{0, 60s}.left(start) == 0);
  constexpr auto any = restart_intensity::unlimited;
  CHECK(restart_intensity{any, 60s}.left(start) == any);
}

TEST_CASE("a maximum of zero refuses every restart", "[intensity]") {
  restart_intensity limit{0, 60s};
  CHECK_FALSE(limit.add(start));
  CHECK_FALSE(limit.add(start + 1h));
}

TEST_CASE("a refused restart is not counted", "[intensity]") {
  restart_intensity limit{1, 10s};
  CHECK(limit.add(start));
  CHECK_FALSE(limit.add(start + 9s));
  CHECK(limit.add(start + 11s));
}

TEST_CASE("clearing gives a fresh window", "[intensity]") {
  restart_intensity limit{1, 10s};
  CHECK(limit.add(start));
  limit.clear();
  CHECK(limit.count() == 0);
  CHECK(limit.add(start));
}

TEST_CASE("a clock that goes back never widens the limit", "[intensity]") {
  restart_intensity limit{2, 10s};
  CHECK(limit.add(start));
  CHECK(limit.add(start - 1h));
  CHECK_FALSE(limit.add(start - 2h));
  CHECK_FALSE(limit.add(start + 10s));
  CHECK(limit.add(start + 11s));
}

TEST_CASE("no window ever holds more than the maximum", "[intensity]") {
  std::mt19937_64 random{7};
  for (int round = 0; round < 200; ++round) {
    auto max = static_cast<uint32_t>(random() % (round % 2 == 0 ? 6 : 40));
    auto period = duration{static_cast<int64_t>(random() % 500)};
    restart_intensity limit{max, period};
    std::vector<time_point> accepted;
    auto now = start;
    for (int i = 0; i < 300; ++i) {
      now += duration{static_cast<int64_t>(random() % 20)};
      auto fits = std::count_if(accepted.begin(), accepted.end(),
                                [&](time_point t) { return now - t <= period; })
                  < static_cast<int64_t>(max);
      CAPTURE(round, i);
      REQUIRE(limit.add(now) == fits);
      REQUIRE(limit.count() <= max);
      if (fits)
        accepted.push_back(now);
    }
  }
}
