#include "support/dice.hpp"

#include <bulwark/events/detail/event_positions.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <set>

using namespace bulwark;

TEST_CASE("numbers in any order are the same set, in as few ranges",
          "[number_set]") {
  const uint64_t seed = 20261129;
  CAPTURE(seed);
  test::dice chance{seed};
  for (int round = 0; round < 200; ++round) {
    number_set numbers;
    std::set<uint64_t> model;
    for (int step = 0; step < 40; ++step) {
      auto from = 1 + chance.below(60);
      auto to = from + chance.below(5);
      REQUIRE(numbers.add(from, to));
      for (auto i = from; i <= to; ++i)
        model.insert(i);
      uint64_t upto = 0;
      while (model.count(upto + 1) != 0)
        ++upto;
      REQUIRE(numbers.upto() == upto);
      size_t ranges = 0;
      for (uint64_t i = 1; i < 70; ++i) {
        REQUIRE(numbers.contains(i) == (model.count(i) != 0));
        ranges += model.count(i) != 0 && model.count(i - 1) == 0 ? 1 : 0;
      }
      REQUIRE(numbers.ranges().size() == ranges);
    }
  }
}

TEST_CASE("a set of numbers has bounds, and takes both ends of them",
          "[number_set]") {
  const auto most = std::numeric_limits<uint64_t>::max();
  number_set numbers{2};
  CHECK_FALSE(numbers.add(0, 5));
  CHECK_FALSE(numbers.add(6, 5));
  CHECK(numbers.ranges().empty());
  CHECK(numbers.add(most, most));
  CHECK(numbers.add(10, 12));
  CHECK_FALSE(numbers.add(5, 5));
  CHECK_FALSE(numbers.contains(5));
  CHECK(numbers.add(9, 13));
  CHECK(numbers.add(1, 8));
  CHECK(numbers.upto() == 13);
  CHECK(numbers.add(14, most));
  CHECK(numbers.upto() == most);
  CHECK(numbers.ranges().size() == 1);
}

TEST_CASE("each boot of each node has its own position", "[event_positions]") {
  event_positions positions;
  CHECK(positions.all().empty());
  CHECK(positions.add("b", 2, 1, 1));
  CHECK(positions.add("a", 2, 2, 2));
  CHECK(positions.add("a", 1, 1, 7));
  CHECK_FALSE(positions.add("a", 3, 0, 7));
  using list = std::vector<event_position>;
  CHECK(positions.all() == list{{"a", 1, 7}, {"a", 2, 0}, {"b", 2, 1}});
  CHECK(positions.contains("a", 2, 2));
  CHECK_FALSE(positions.contains("a", 2, 1));
  CHECK_FALSE(positions.contains("c", 2, 1));
  CHECK(positions.add("a", 2, 1, 1));
  CHECK(positions.upto("a", 2) == 2);
  CHECK(positions.upto("c", 2) == 0);
}

TEST_CASE("holes are bounded, and filling one makes room for another",
          "[event_positions]") {
  event_positions positions;
  for (uint64_t i = 0; i < event_positions::holes_max; ++i)
    REQUIRE(positions.add("a", 1, 2 * i + 2, 2 * i + 2));
  CHECK_FALSE(positions.add("a", 1, 1000, 1000));
  CHECK(positions.upto("a", 1) == 0);
  CHECK(positions.add("a", 1, 1, 1));
  CHECK(positions.upto("a", 1) == 2);
  CHECK(positions.add("a", 1, 3, 3));
  CHECK(positions.add("a", 1, 1000, 1000));
}
