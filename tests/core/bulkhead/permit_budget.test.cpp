#include "core/bulkhead/table_rig.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::table_rig;
using answer = permit_table::answer;

namespace {

bulkhead_options waiting(uint64_t capacity) {
  bulkhead_options result;
  result.capacity = capacity;
  result.queue = 100;
  result.queue_timeout = 10s;
  return result;
}

} // namespace

TEST_CASE("what was set aside is charged once", "[bulkhead][budget]") {
  table_rig rig{waiting(10)};
  CHECK(rig.allot(4));
  CHECK(rig.use() == 4);
  CHECK(rig.table.idle() == 4);
  CHECK(rig.ask({.id = 1, .amount = 3}) == answer::granted);
  CHECK(rig.use() == 4);
  // One of it is left, two are charged.
  CHECK(rig.ask({.id = 2, .amount = 3}) == answer::granted);
  CHECK(rig.use() == 6);
  CHECK(rig.table.idle() == 0);
  rig.give(3);
  CHECK(rig.use() == 4);
  CHECK(rig.table.idle() == 1);
  CHECK(rig.unallot() == 4);
  CHECK(rig.use() == 3);
  rig.give(3);
  CHECK(rig.use() == 0);
}

TEST_CASE("what is not free is not set aside", "[bulkhead][budget]") {
  table_rig rig{{.capacity = 10, .reserved_for_critical = 3}};
  rig.ask({.id = 1, .amount = 2, .consumer = "users"});
  CHECK_FALSE(rig.allot(6));
  CHECK(rig.use() == 2);
  CHECK_FALSE(rig.account().budgeted);
  CHECK(rig.allot(5));
  CHECK(rig.account().budgeted);
  rig.isolate(isolation::normal);
  rig.unallot();
  CHECK_FALSE(rig.account().budgeted);
  CHECK_FALSE(rig.allot(1));
}

TEST_CASE("what is set aside is not taken past those who wait",
          "[bulkhead][budget]") {
  table_rig rig{waiting(4)};
  rig.ask({.id = 1, .amount = 2, .consumer = "users"});
  rig.ask({.id = 2, .amount = 3, .consumer = "users"});
  CHECK_FALSE(rig.allot(2));
  rig.give(2, "users");
  CHECK(rig.granted(2));
}

// It had to wait behind them, with its own permits lying there.
TEST_CASE("a budget is there also while others wait", "[bulkhead][budget]") {
  table_rig rig{waiting(4)};
  REQUIRE(rig.allot(2));
  rig.ask({.id = 1, .amount = 2, .consumer = "users"});
  CHECK(rig.ask({.id = 2, .consumer = "users"}) == answer::waits);
  CHECK(rig.ask({.id = 3}) == answer::granted);
  CHECK(rig.ask({.id = 4}) == answer::granted);
  CHECK(rig.ask({.id = 5}) == answer::waits);
  // Nobody overtakes within one consumer.
  CHECK(rig.ask({.id = 6}) == answer::waits);
  rig.give();
  CHECK(rig.granted(5));
  CHECK(rig.waits(2));
  CHECK(rig.waits(6));
}

// Only the first of them was served.
TEST_CASE("all who fit into what came back to a budget are served",
          "[bulkhead][budget]") {
  table_rig rig{waiting(4)};
  REQUIRE(rig.allot(4));
  rig.ask({.id = 1, .amount = 4});
  for (uint64_t i = 2; i <= 6; ++i)
    rig.ask({.id = i, .source = i});
  rig.give(4);
  CHECK(rig.changed == permit_table::sources{2, 3, 4, 5});
  CHECK(rig.waits(6, 6));
}

// It was served from what is everybody's, past who was first there.
TEST_CASE("what comes back to a budget lets nobody overtake with what is not",
          "[bulkhead][budget]") {
  table_rig rig{waiting(6)};
  REQUIRE(rig.allot(1));
  rig.ask({.id = 1});
  rig.ask({.id = 2, .amount = 3, .consumer = "users"});
  rig.ask({.id = 3, .amount = 3, .consumer = "users"});
  rig.ask({.id = 4, .amount = 2});
  rig.give();
  CHECK(rig.waits(3));
  CHECK(rig.waits(4));
  CHECK(rig.use() == 4);
  rig.give(3, "users");
  CHECK(rig.granted(3));
  CHECK(rig.granted(4));
  CHECK(rig.use() == 5);
}

TEST_CASE("who waits is served by what is set aside for it",
          "[bulkhead][budget]") {
  table_rig rig{waiting(4)};
  rig.ask({.id = 1, .amount = 4, .consumer = "users"});
  rig.ask({.id = 2, .level = call_priority::background, .source = 2});
  rig.give(2, "users");
  CHECK(rig.granted(2, 2));
  rig.ask({.id = 3, .amount = 2, .level = call_priority::background});
  CHECK(rig.allot(1));
  CHECK(rig.waits(3));
  rig.give(2, "users");
  CHECK(rig.granted(3));
}

TEST_CASE("who gives up lets those behind it have its budget",
          "[bulkhead][budget]") {
  table_rig rig{waiting(6)};
  REQUIRE(rig.allot(2));
  rig.ask({.id = 1, .amount = 4, .consumer = "users"});
  // Stays first of all throughout.
  rig.ask({.id = 9, .amount = 2, .consumer = "users", .source = 3});
  REQUIRE(rig.ask({.id = 2, .amount = 5}) == answer::waits);
  rig.now += 1s;
  REQUIRE(rig.ask({.id = 3, .source = 2}) == answer::waits);
  SECTION("because it leaves") {
    CHECK(rig.table.forget({1, 2}, rig.now).count(2) == 1);
  }
  SECTION("because its time is over") {
    rig.ask({.id = 10, .amount = 2, .consumer = "users", .source = 3});
    rig.now += 9s;
    CHECK(rig.table.expire(rig.now).count(2) == 1);
  }
  SECTION("because it died") {
    CHECK(rig.table.forget_source(1, rig.now).count(2) == 1);
  }
  SECTION("because it will not fit any more") {
    CHECK(rig.resize(4).empty());
    CHECK(rig.changed == permit_table::sources{1, 2});
  }
  CHECK(rig.granted(3, 2));
}

// Those who waited for it were not told.
TEST_CASE("what is no longer set aside is there for who waits",
          "[bulkhead][budget]") {
  table_rig rig{waiting(4)};
  REQUIRE(rig.allot(3));
  rig.ask({.id = 1});
  rig.ask({.id = 2, .consumer = "users", .source = 2});
  rig.ask({.id = 3, .consumer = "users", .source = 3});
  REQUIRE(rig.waits(3, 3));
  rig.changed.clear();
  CHECK(rig.unallot() == 3);
  CHECK(rig.granted(3, 3));
  CHECK(rig.changed.count(3) == 1);
  CHECK(rig.use() == 3);
}

TEST_CASE("what does not fit beside what is set aside is refused at once",
          "[bulkhead][budget]") {
  table_rig rig{waiting(10)};
  rig.ask({.id = 1, .amount = 4, .consumer = "users"});
  REQUIRE(rig.allot(4));
  CHECK(rig.ask({.id = 2, .amount = 7, .consumer = "users"}) == answer::full);
  CHECK(rig.ask({.id = 3, .amount = 6, .consumer = "users"}) == answer::waits);
  // Its own it has besides.
  CHECK(rig.ask({.id = 4, .amount = 10}) == answer::waits);
  rig.unallot();
  CHECK(rig.granted(3));
  CHECK(rig.waits(4));
}

// It never ended, because what is set aside is charged.
TEST_CASE("what is only set aside does not keep a drain from its end",
          "[bulkhead][budget]") {
  table_rig rig{waiting(10)};
  REQUIRE(rig.allot(4));
  rig.ask({.id = 1, .amount = 2});
  rig.ask({.id = 2, .consumer = "users"});
  rig.isolate(isolation::all, true);
  rig.give(1, "users");
  CHECK_FALSE(rig.table.drained());
  CHECK(rig.table.counter().quiet(rig.use()));
  rig.give(2);
  CHECK_FALSE(rig.table.counter().quiet(rig.use()));
  CHECK(rig.table.drained());
}

TEST_CASE("who cannot know whether it has a budget gives back in two steps",
          "[bulkhead][budget]") {
  table_rig rig{waiting(10)};
  rig.ask({.id = 1, .amount = 2});
  REQUIRE(rig.allot(4));
  rig.ask({.id = 2, .amount = 3});
  // Two threads at once, before either gets the lock.
  rig.account().tally->gave(2);
  rig.account().tally->gave(2);
  rig.table.gave(rig.account().number, 2, 0, rig.now);
  rig.table.gave(rig.account().number, 2, 0, rig.now);
  CHECK(rig.account().own == 1);
  CHECK(rig.use() == 4);
  rig.give();
  CHECK(rig.unallot() == 4);
  CHECK(rig.use() == 0);
}
