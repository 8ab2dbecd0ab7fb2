#include <bulwark/events/detail/seen_events.hpp>

#include <catch2/catch.hpp>

using bulwark::seen_events;

TEST_CASE("an event is new once, by node, boot and number", "[seen_events]") {
  seen_events seen{64};
  CHECK(seen.add("a", 1, 1));
  CHECK_FALSE(seen.add("a", 1, 1));
  CHECK(seen.add("a", 1, 2));
  CHECK_FALSE(seen.add("a", 1, 1));
  CHECK(seen.add("b", 1, 1));
  CHECK(seen.add("a", 2, 1));
  CHECK_FALSE(seen.add("a", 1, 2));
  CHECK(seen.origins() == 3);
}

TEST_CASE("gaps are no obstacle", "[seen_events]") {
  seen_events seen{64};
  CHECK(seen.add("a", 1, 500));
  CHECK(seen.add("a", 1, 900));
  CHECK_FALSE(seen.add("a", 1, 899));
}

TEST_CASE("the origin not heard from for the longest time is forgotten",
          "[seen_events]") {
  seen_events seen{3};
  CHECK(seen.add("a", 1, 5));
  CHECK(seen.add("b", 1, 5));
  CHECK(seen.add("c", 1, 5));
  CHECK(seen.add("a", 1, 6));
  CHECK(seen.add("d", 1, 5));
  CHECK(seen.origins() == 3);
  CHECK_FALSE(seen.add("a", 1, 6));
  CHECK_FALSE(seen.add("c", 1, 5));
  CHECK(seen.add("b", 1, 5));
}

TEST_CASE("no origin leaps to a number that it cannot have come to",
          "[seen_events]") {
  constexpr auto leap = seen_events::leap_max;
  seen_events seen{3};
  CHECK_FALSE(seen.leaps("a", 1, leap));
  CHECK(seen.leaps("a", 1, leap + 1));
  CHECK(seen.leaps("a", 1, ~uint64_t{0}));
  CHECK(seen.add("a", 1, 100));
  CHECK_FALSE(seen.leaps("a", 1, 100 + leap));
  CHECK(seen.leaps("a", 1, 101 + leap));
  CHECK_FALSE(seen.leaps("a", 1, 1));
  CHECK(seen.leaps("a", 2, 101 + leap));
}
