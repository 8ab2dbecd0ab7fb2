#include <bulwark/seen_events.hpp>

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
