#include "support/dice.hpp"

#include <bulwark/warning/detail/latency_watch.hpp>
#include <bulwark/warning/early_warning.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace bulwark;
using namespace std::chrono_literals;
using step = latency_watch::step;

namespace {

/// 10 ms, give or take a fifth.
double usual(test::dice& chance) {
  return 0.010 * (0.8 + 0.4 * static_cast<double>(chance.below(1000)) / 1000);
}

latency_watch grown(test::dice& chance) {
  latency_watch result;
  for (int i = 0; i < 60; ++i)
    REQUIRE(result.add(usual(chance)) == step::none);
  return result;
}

} // namespace

TEST_CASE("three slow values in a row have left the past", "[warning]") {
  test::dice chance{1};
  auto watch = grown(chance);
  CHECK(watch.median() == Approx(0.010).epsilon(0.1));
  CHECK(watch.add(0.1) == step::none);
  CHECK(watch.add(0.1) == step::none);
  CHECK(watch.add(usual(chance)) == step::none);
  CHECK(watch.add(0.1) == step::none);
  CHECK(watch.add(0.1) == step::none);
  CHECK(watch.add(0.1) == step::left);

  SECTION("most of the next six as well: it stays, and is the new past") {
    for (int i = 0; i < 5; ++i)
      CHECK(watch.add(0.1) == step::none);
    CHECK(watch.add(0.1) == step::stays);
    for (int i = 0; i < 200; ++i)
      CHECK(watch.add(0.1) == step::none);
  }
  SECTION("half of them: it has returned") {
    for (int i = 0; i < 5; ++i)
      CHECK(watch.add(i < 3 ? 0.1 : 0.01) == step::none);
    CHECK(watch.add(0.01) == step::returned);
  }
}

TEST_CASE("what is slower by less than half is not told", "[warning]") {
  latency_watch watch;
  for (int i = 0; i < 60; ++i)
    CHECK(watch.add(0.010) == step::none);
  for (int i = 0; i < 60; ++i)
    CHECK(watch.add(0.0149) == step::none);
}

TEST_CASE("without a past nothing is told", "[warning]") {
  latency_watch watch;
  for (size_t i = 0; i + 6 < latency_watch::past_min; ++i)
    CHECK(watch.add(0.01) == step::none);
  for (int i = 0; i < 5; ++i)
    CHECK(watch.add(10) == step::none);
  CHECK(watch.add(0) == step::none);
  CHECK(watch.add(std::nan("")) == step::none);
}

TEST_CASE("latencies by chance never leave their past", "[warning]") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    latency_watch watch;
    for (int i = 0; i < 400; ++i) {
      // Log-normal, with a deviation of a half.
      double sum = 0;
      for (int k = 0; k < 12; ++k)
        sum += static_cast<double>(chance.below(1 << 20)) / (1 << 20);
      REQUIRE(watch.add(0.02 * std::exp((sum - 6) / 2)) == step::none);
    }
  }
}

TEST_CASE("a node that is heard less regularly than before is warned of",
          "[warning]") {
  early_warning watch;
  time_point now{1h};
  std::vector<warning_notice> told;
  auto hear = [&](duration longest, int times) {
    for (int i = 0; i < times; ++i)
      for (auto& each : watch.heard("node/beta", longest, now += 10s))
        told.push_back(std::move(each));
  };
  hear(1s, 60);
  CHECK(told.empty());
  hear(4s, 3);
  REQUIRE(told.size() == 1);
  CHECK(told[0].what.subject == "node/beta");
  CHECK_THAT(told[0].what.basis,
             Catch::Equals("the longest silence is 4s, it was 1s at the "
                           "median"));
}

TEST_CASE("a service that stays slow is a hit, one that was slow for a moment "
          "a false alarm",
          "[warning]") {
  early_warning watch;
  time_point now{1h};
  std::vector<warning_notice> told;
  auto answer = [&](duration p99, int times) {
    for (int i = 0; i < times; ++i)
      for (auto& each : watch.answered("orders", p99, now += 10s))
        told.push_back(std::move(each));
  };
  answer(10ms, 60);
  answer(100ms, 3);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0].what.basis,
             Catch::Equals("p99 is 100ms, it was 10ms at the median"));
  answer(10ms, 6);
  REQUIRE(told.size() == 2);
  CHECK(told[1].verdict == warning_verdict::false_alarm);
  answer(100ms, 9);
  REQUIRE(told.size() == 4);
  CHECK(told[3].verdict == warning_verdict::hit);
  CHECK(watch.score() == warning_score{2, 1, 1, 0});
}
