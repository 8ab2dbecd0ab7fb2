// Restarts that pass their limit, and failures that come closer together.

#include "support/dice.hpp"

#include <bulwark/warning/detail/failure_forecast.hpp>
#include <bulwark/warning/early_warning.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1h};

std::vector<time_point> at(std::initializer_list<duration> offsets) {
  std::vector<time_point> result;
  for (auto each : offsets)
    result.push_back(start + each);
  return result;
}

/// A gap of a Poisson process.
duration chance_gap(test::dice& chance, duration mean) {
  auto even = static_cast<double>(chance.below(1 << 24) + 1) / (1 << 24);
  return std::chrono::duration_cast<duration>(
    -std::log(even) * std::chrono::duration<double>{mean});
}

/// Goes on with one failure each `gap`, to see whether the limit is passed.
std::optional<duration> by_trying(std::vector<time_point> times, uint32_t limit,
                                  duration period, duration gap) {
  auto from = times.back();
  for (uint32_t k = 0; k < 3 * limit + 3; ++k) {
    times.push_back(times.back() + gap);
    uint32_t inside = 0;
    for (auto each : times)
      inside += each > times.back() - period ? 1 : 0;
    if (inside > limit)
      return times.back() - from;
  }
  return std::nullopt;
}

} // namespace

TEST_CASE("three failures in ten seconds foresee the sixth", "[warning]") {
  auto ahead = foresee_limit(at({0s, 5s, 10s}), 5, 60s);
  REQUIRE(ahead);
  CHECK(*ahead == 15s);
}

TEST_CASE("failures that are rarer than the limit foresee nothing",
          "[warning]") {
  CHECK_FALSE(foresee_limit(at({0s, 20s, 40s}), 5, 60s));
  CHECK_FALSE(foresee_limit(at({0s, 1s}), 5, 60s));
  // The last gap says that it calms down.
  CHECK_FALSE(foresee_limit(at({0s, 1s, 2s, 50s}), 5, 60s));
  // The mean gap says that it was calm.
  CHECK_FALSE(foresee_limit(at({0s, 50s, 51s}), 4, 60s));
  // Passed already.
  CHECK_FALSE(foresee_limit(at({0s, 1s, 2s, 3s}), 3, 60s));
}

TEST_CASE("what is foreseen of a limit is what going on shows", "[warning]") {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    auto limit = static_cast<uint32_t>(3 + chance.below(6));
    std::vector<time_point> times{start};
    // Even gaps, so that both rates are one.
    auto gap = 1s * (1 + chance.below(20));
    while (times.size() < 3 + chance.below(limit - 2))
      times.push_back(times.back() + gap);
    if (times.size() < 3 || times.back() - times.front() >= 60s)
      continue;
    CHECK(foresee_limit(times, limit, 60s)
          == by_trying(times, limit, 60s, gap));
  }
}

TEST_CASE("even failures show no trend, closer ones do", "[warning]") {
  std::vector<time_point> even;
  std::vector<time_point> closer;
  std::vector<time_point> rarer;
  for (int i = 0; i < 30; ++i) {
    even.push_back(start + i * 10s);
    closer.push_back(start + 27'000s - 1s * (30 - i) * (30 - i) * (30 - i));
    rarer.push_back(start + 1s * i * i * i);
  }
  CHECK(std::abs(closing_in(even)) < 0.2);
  CHECK(closing_in(closer) > closing_in_limit);
  CHECK(closing_in(rarer) < -2);
  CHECK(closing_in({}) == 0);
  CHECK(closing_in({start, start, start}) == 0);
}

TEST_CASE("failures by chance warn of no trend", "[warning]") {
  uint64_t raised = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    test::dice chance{seed};
    early_warning watch;
    auto now = start;
    for (int i = 0; i < 60; ++i) {
      now += chance_gap(chance, 10min);
      static_cast<void>(watch.look(now));
      static_cast<void>(watch.failed("/root/a/a#1", 0, 0s, now));
    }
    raised += watch.score().raised;
  }
  CHECK(raised <= 1);
}

TEST_CASE("failures that come closer together are warned of, and the warnings "
          "come true",
          "[warning]") {
  warning_score all;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    test::dice chance{seed};
    early_warning watch;
    auto now = start;
    duration mean = 1h;
    for (int i = 0; i < 40; ++i) {
      mean = mean * 8 / 10;
      now += chance_gap(chance, mean);
      static_cast<void>(watch.look(now));
      static_cast<void>(watch.failed("/root/a/a#1", 0, 0s, now));
    }
    all.raised += watch.score().raised > 0 ? 1 : 0;
    all.hits += watch.score().hits;
    all.false_alarms += watch.score().false_alarms;
  }
  CHECK(all.raised >= 180);
  CHECK(all.precision() >= 0.9);
}

TEST_CASE("a replica that passes its limit was warned of once", "[warning]") {
  early_warning watch;
  std::vector<warning_notice> told;
  for (int i = 0; i < 6; ++i)
    for (auto& each : watch.failed("/root/a/a#1", 5, 60s, start + i * 4s))
      told.push_back(std::move(each));
  REQUIRE(told.size() == 2);
  CHECK(told[0].what.kind == warning_kind::restart_limit);
  CHECK(told[0].what.at == start + 8s);
  CHECK(told[0].what.due == start + 20s);
  CHECK(told[1].verdict == warning_verdict::hit);
}

TEST_CASE("a replica that calms down was a false alarm, and may be warned of "
          "anew",
          "[warning]") {
  early_warning watch;
  auto fail = [&](duration when) {
    return watch.failed("/root/a/a#1", 5, 60s, start + when);
  };
  CHECK(fail(0s).empty());
  CHECK(fail(2s).empty());
  CHECK(fail(4s).size() == 1);
  CHECK(watch.look(start + 60s).empty());
  auto settled = watch.look(start + 80s);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].verdict == warning_verdict::false_alarm);
  CHECK(fail(10min).empty());
  CHECK(fail(10min + 2s).empty());
  CHECK(fail(10min + 4s).size() == 1);
}
