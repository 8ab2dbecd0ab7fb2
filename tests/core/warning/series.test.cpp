// Goal: warnings that one can rely on. Method: a thousand series, drawn from
// seeds, of which all that happens is known.

#include "core/warning/series.hpp"

#include <bulwark/warning/early_warning.hpp>

#include <catch2/catch.hpp>

#include <array>

using namespace bulwark;
using namespace std::chrono_literals;
using test::course;

namespace {

struct outcome {
  uint64_t raised = 0;
  uint64_t hits = 0;
  uint64_t false_alarms = 0;

  // Exhaustions at the end of a ramp of ten samples or more, and how many of
  // them were warned of before.
  uint64_t ramps = 0;
  uint64_t ramps_warned = 0;
};

warning_score play(const test::series& of) {
  early_warning watch;
  time_point now{1h};
  for (auto each : of.values) {
    static_cast<void>(watch.look(now));
    static_cast<void>(watch.sample({"memory", each, "restart it"}, now));
    now += of.every;
  }
  // Nothing more happens.
  static_cast<void>(watch.look(now + 48h));
  REQUIRE(watch.open().empty());
  return watch.score();
}

std::array<outcome, 5> play_all(uint64_t seed) {
  std::array<outcome, 5> result;
  for (uint64_t i = 0; i < 1000; ++i) {
    auto shape = static_cast<course>(i % 5);
    auto given = test::draw(shape, seed + i);
    auto score = play(given);
    auto& of = result[i % 5];
    of.raised += score.raised;
    of.hits += score.hits;
    of.false_alarms += score.false_alarms;
    if (given.ramp_length < 10)
      continue;
    ++of.ramps;
    of.ramps_warned += score.hits;
  }
  return result;
}

} // namespace

TEST_CASE("nine of ten warnings come true, eight of ten exhaustions are warned "
          "of, and noise warns of nothing",
          "[warning]") {
  auto seed = GENERATE(uint64_t{1'000'000}, 2'000'000, 3'000'000);
  CAPTURE(seed);
  outcome all;
  size_t shape = 0;
  for (const auto& each : play_all(seed)) {
    UNSCOPED_INFO(to_string(static_cast<course>(shape))
                  << ": " << each.raised << " raised, " << each.hits
                  << " hits, " << each.false_alarms << " false alarms, "
                  << each.ramps_warned << " of " << each.ramps << " ramps");
    if (static_cast<course>(shape++) == course::noise)
      CHECK(each.raised == 0);
    all.hits += each.hits;
    all.false_alarms += each.false_alarms;
    all.ramps += each.ramps;
    all.ramps_warned += each.ramps_warned;
  }
  REQUIRE(all.ramps > 150);
  CHECK(all.hits * 10 >= 9 * (all.hits + all.false_alarms));
  CHECK(all.ramps_warned * 10 >= 8 * all.ramps);
}

TEST_CASE("an exhaustion is foreseen by a sixth of the ramp before it",
          "[warning]") {
  double lead = 0;
  size_t ramps = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    auto given = test::draw(course::ramp, seed);
    if (given.ramp_length < 10)
      continue;
    early_warning watch;
    time_point now{1h};
    auto end = given.ramp_begin + given.ramp_length;
    ++ramps;
    for (size_t i = 0; i < end; ++i, now += given.every)
      if (!watch.sample({"memory", given.values[i], ""}, now).empty()) {
        lead +=
          static_cast<double>(end - i) / static_cast<double>(given.ramp_length);
        break;
      }
  }
  CHECK(lead / static_cast<double>(ramps) > 1.0 / 6);
}
