#include <bulwark/bulkhead/detail/permit_counter.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

constexpr auto normal = call_priority::normal;
constexpr auto critical = call_priority::critical;

} // namespace

TEST_CASE("there is as much as the limits say", "[bulkhead][counter]") {
  permit_counter counter{{2, 3}};
  CHECK(counter.try_take(1, normal) == 1u);
  CHECK(counter.try_take(2, normal) == std::nullopt);
  CHECK(counter.try_take(1, call_priority::background) == 2u);
  CHECK(counter.try_take(1, normal) == std::nullopt);
  CHECK(counter.try_take(1, critical) == 3u);
  CHECK(counter.try_take(1, critical) == std::nullopt);
  CHECK(counter.give(2).use == 1);
  CHECK(counter.use() == 1);
  CHECK(counter.peak() == 3);
}

TEST_CASE("the largest numbers do not wrap around", "[bulkhead][counter]") {
  permit_counter counter{{10, 10}};
  REQUIRE(counter.try_take(3, normal));
  CHECK_FALSE(counter.try_take(~uint64_t{0}, normal));
  CHECK_FALSE(counter.try_take(~uint64_t{0} - 2, normal));
  CHECK_FALSE(counter.take_over_limit(~uint64_t{0}));
  CHECK_FALSE(counter.take_over_limit(permit_counter::use_max - 2));
  CHECK(counter.take_over_limit(permit_counter::use_max - 3)
        == permit_counter::use_max);
  // Neither mark nor limits were run over.
  CHECK_FALSE(counter.take_over_limit(1));
  auto given = counter.give(permit_counter::use_max - 3);
  CHECK(given.use == 3);
  CHECK_FALSE(given.marked);
  CHECK(counter.try_take(1, normal) == 4u);
}

TEST_CASE("a mark sends everybody the slow way, and who gives back is told",
          "[bulkhead][counter]") {
  permit_counter counter{{2, 2}};
  REQUIRE(counter.try_take(1, normal));
  counter.set_mark(true);
  CHECK_FALSE(counter.try_take(1, critical));
  CHECK(counter.take_slowly(1, normal) == 2u);
  auto given = counter.give(1);
  CHECK(given.marked);
  CHECK(given.use == 1);
  counter.set_mark(true);
  counter.set_mark(false);
  CHECK_FALSE(counter.give(1).marked);
  CHECK(counter.try_take(2, normal));
}

TEST_CASE("limits change without a change of the use", "[bulkhead][counter]") {
  permit_counter counter{{5, 5}};
  REQUIRE(counter.try_take(5, normal));
  counter.set_limits({2, 3});
  CHECK(counter.use() == 5);
  CHECK(counter.give(2).use == 3);
  CHECK_FALSE(counter.try_take(1, critical));
  CHECK(counter.give(1).use == 2);
  CHECK_FALSE(counter.try_take(1, normal));
  CHECK(counter.try_take(1, critical) == 3u);
  // More often than there are numbers for it.
  for (int i = 0; i < 1'200'000; ++i)
    counter.set_limits({4, 4});
  CHECK(counter.use() == 3);
  CHECK_FALSE(counter.give(3).marked);
  CHECK(counter.limits_now().normal == 4);
}

TEST_CASE("who gives back only if something is not so looks again when it "
          "becomes so",
          "[bulkhead][counter]") {
  permit_counter counter{{5, 5}};
  REQUIRE(counter.try_take(5, normal));
  CHECK(counter.give_unless([] { return false; }, 1)->use == 4);
  CHECK_FALSE(counter.give_unless([] { return true; }, 1));
  CHECK(counter.use() == 4);
  // It becomes so between the look and the change.
  int looks = 0;
  auto late = [&] {
    if (++looks == 1)
      counter.renumber();
    return looks > 1;
  };
  CHECK_FALSE(counter.give_unless(late, 1));
  CHECK(looks == 2);
  CHECK(counter.use() == 4);
  counter.set_mark(true);
  CHECK(counter.give_unless([] { return false; }, 4)->marked);
}
