#include <bulwark/warning/detail/exhaustion.hpp>
#include <bulwark/warning/early_warning.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <limits>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

/// One sample every ten seconds.
sample_ring history(size_t count, const std::function<double(size_t)>& use) {
  sample_ring result;
  for (size_t i = 0; i < count; ++i)
    result.add({start + i * 10s, use(i)});
  return result;
}

/// A level, then from sample `from` on `rise` more each time.
std::function<double(size_t)> bend(double level, size_t from, double rise) {
  return [=](size_t i) {
    return i < from ? level : level + rise * static_cast<double>(i - from + 1);
  };
}

std::optional<exhaustion_forecast>
foresee(size_t count, const std::function<double(size_t)>& use,
        const warning_options& options = {}) {
  return foresee_exhaustion(history(count, use), options);
}

} // namespace

TEST_CASE("the time to exhaustion is that of the line", "[warning]") {
  // 20 %, then 1 % more each 10 s: 37 % are left after 43 samples.
  auto by = foresee(103, bend(20, 60, 1));
  REQUIRE(by);
  CHECK(by->samples == 40);
  CHECK(by->explained == Approx(1));
  CHECK(by->rise_per_minute == Approx(6));
  CHECK(std::chrono::abs(by->by_long - 370s) < 1ms);
  CHECK(std::chrono::abs(by->by_short - 370s) < 1ms);
  CHECK(by->ahead >= by->by_long);
}

TEST_CASE("nothing is foreseen of what is level, falls, or has too few samples",
          "[warning]") {
  CHECK_FALSE(foresee(100, bend(50, 100, 0)));
  CHECK_FALSE(foresee(100, bend(90, 60, -1)));
  auto steep = bend(10, 0, 9);
  CHECK_FALSE(foresee(9, steep));
  CHECK(foresee(10, bend(3, 0, 9.5)));
  CHECK_FALSE(foresee(10, bend(3, 0, 9.5), {.samples_min = 11}));
}

TEST_CASE("what is further away than the horizon is not told", "[warning]") {
  // 0.01 % each 10 s: at 60 samples of 90.6 % it takes 2.6 h.
  CHECK_FALSE(foresee(360, bend(90, 300, 0.01)));
  // 96.5 %, 0.05 % more each 10 s: 12 min.
  auto slow = bend(90, 200, 0.05);
  CHECK(foresee(330, slow));
  CHECK(foresee(330, slow, {.horizon = 12min}));
  CHECK_FALSE(foresee(330, slow, {.horizon = 11min}));
}

TEST_CASE("a line is not believed further than it is long", "[warning]") {
  // 10 samples up from 20 %, 1 % each: 70 more are no forecast.
  CHECK_FALSE(foresee(60, bend(20, 50, 1)));
  CHECK(foresee(60, bend(85, 50, 1)));
}

TEST_CASE("where nothing was seen before, a line is believed an eighth as far",
          "[warning]") {
  // Up to 80 % in 80 samples: 20 more are a quarter.
  CHECK_FALSE(foresee(80, bend(0, 0, 1)));
  // Up to 90 % in 90: 10 more are a ninth.
  CHECK(foresee(90, bend(0, 0, 1)));
}

TEST_CASE("one step is no ramp, whenever it is seen", "[warning]") {
  for (size_t count = 10; count < 200; ++count) {
    CAPTURE(count);
    CHECK_FALSE(foresee(count, [](size_t i) { return i < 60 ? 10.0 : 99.0; }));
  }
}

TEST_CASE("what has been there and came back is not foreseen again",
          "[warning]") {
  auto tooth = [](size_t i) { return 5.0 + 3.0 * static_cast<double>(i % 30); };
  for (size_t count = 31; count < 360; ++count) {
    CAPTURE(count);
    CHECK_FALSE(foresee(count, tooth));
  }
}

TEST_CASE("what slows down does not arrive", "[warning]") {
  // Each step is 0.93 of the one before: it ends at 95 %.
  for (size_t count = 70; count < 200; ++count) {
    CAPTURE(count);
    CHECK_FALSE(foresee(count, [](size_t i) {
      return i < 60 ? 20.0 : 95 - 75 * std::pow(0.93, double(i) - 59);
    }));
  }
}

TEST_CASE("a situation is warned of once, and settled by what happens",
          "[warning]") {
  early_warning watch;
  auto up = bend(20, 60, 1);
  std::vector<warning_notice> told;
  size_t i = 0;
  auto step = [&](double percent) {
    auto now = start + i++ * 10s;
    for (auto& each : watch.look(now))
      told.push_back(std::move(each));
    for (auto& each : watch.sample({"disk", percent, "make room"}, now))
      told.push_back(std::move(each));
  };
  while (i < 139)
    step(up(i));
  REQUIRE(told.size() == 1);
  CHECK_FALSE(told[0].verdict);
  CHECK(told[0].what.subject == "disk");
  CHECK(told[0].what.advice == "make room");
  CHECK_THAT(told[0].what.forecast, Catch::Contains("disk is used up in "));
  CHECK_THAT(told[0].what.basis, Catch::Contains("% more each minute"));

  SECTION("a hit when it is used up") {
    step(100);
    REQUIRE(told.size() == 2);
    CHECK(told[1].verdict == warning_verdict::hit);
    // It stays full: the same situation.
    for (int more = 0; more < 50; ++more)
      step(100);
    CHECK(told.size() == 2);
    CHECK(watch.score() == warning_score{1, 1, 0, 0});
  }
  SECTION("a false alarm when it is not") {
    for (int more = 0; more < 400; ++more)
      step(98);
    REQUIRE(told.size() == 2);
    CHECK(told[1].verdict == warning_verdict::false_alarm);
    CHECK(watch.score() == warning_score{1, 0, 1, 0});
  }
}

TEST_CASE("what fills up at once is missed, and counted once", "[warning]") {
  early_warning watch;
  time_point now = start;
  auto step = [&](double percent) {
    now += 10s;
    return watch.sample({"stash/orders", percent, ""}, now);
  };
  for (int i = 0; i < 20; ++i)
    CHECK(step(1).empty());
  for (int i = 0; i < 20; ++i)
    CHECK(step(130).empty());
  CHECK(watch.score() == warning_score{0, 0, 0, 1});
  CHECK(watch.score().recall() == 0.0);
  CHECK_FALSE(watch.score().precision());
}

TEST_CASE("what is no number, and subjects beyond the bound, are ignored",
          "[warning]") {
  early_warning watch;
  CHECK(watch.sample({"x", std::nan(""), ""}, start).empty());
  CHECK(watch.sample({"x", std::numeric_limits<double>::infinity(), ""}, start)
          .empty());
  for (size_t i = 0; i < 2 * early_warning::subjects_max; ++i)
    CHECK(watch.sample({"x" + std::to_string(i), 50, ""}, start + 1s).empty());
  // Those that came too late are not followed: it never reaches 100 percent.
  CHECK(watch.sample({"x300", 100, ""}, start + 2s).empty());
  CHECK(watch.score() == warning_score{});
}
