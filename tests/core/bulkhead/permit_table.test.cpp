#include "core/bulkhead/table_rig.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::table_rig;
using answer = permit_table::answer;

namespace {

constexpr auto critical = call_priority::critical;
constexpr auto background = call_priority::background;

bulkhead_options waiting(uint64_t capacity, uint64_t reserved = 0) {
  bulkhead_options result;
  result.capacity = capacity;
  result.reserved_for_critical = reserved;
  result.queue = 100;
  result.queue_timeout = 10s;
  return result;
}

} // namespace

TEST_CASE("what is reserved goes to critical work only", "[bulkhead][table]") {
  table_rig rig{{.capacity = 3, .reserved_for_critical = 1}};
  CHECK(rig.ask({.id = 1}) == answer::granted);
  CHECK(rig.ask({.id = 2}) == answer::granted);
  CHECK(rig.ask({.id = 3}) == answer::full);
  CHECK(rig.ask({.id = 4, .level = background}) == answer::full);
  CHECK(rig.ask({.id = 5, .level = critical}) == answer::granted);
  CHECK(rig.ask({.id = 6, .level = critical}) == answer::full);
}

TEST_CASE("who waits is served by priority, then in order",
          "[bulkhead][table]") {
  table_rig rig{waiting(1)};
  rig.ask({.id = 1});
  CHECK(rig.ask({.id = 2, .level = background}) == answer::waits);
  CHECK(rig.ask({.id = 3}) == answer::waits);
  CHECK(rig.ask({.id = 4}) == answer::waits);
  CHECK(rig.ask({.id = 5, .level = critical}) == answer::waits);
  for (uint64_t next : {5, 3, 4, 2}) {
    rig.give();
    CHECK(rig.granted(next));
    CHECK(rig.table.claim({1, next}));
    CHECK_FALSE(rig.table.claim({1, next}));
  }
  CHECK(rig.table.waiting() == 0);
  CHECK(rig.table.counted().waited == 4);
}

TEST_CASE("a large amount is not overtaken by small ones",
          "[bulkhead][table]") {
  table_rig rig{waiting(4)};
  rig.ask({.id = 1, .amount = 2});
  CHECK(rig.ask({.id = 2, .amount = 3}) == answer::waits);
  CHECK(rig.ask({.id = 3}) == answer::waits);
  CHECK(rig.ask({.id = 4, .level = critical}) == answer::granted);
  rig.give(2);
  CHECK(rig.granted(2));
  CHECK(rig.waits(3));
}

TEST_CASE("who was before others of its own source goes before them",
          "[bulkhead][table]") {
  table_rig rig{{.capacity = 2}};
  CHECK(rig.ask({.id = 1, .behind = true}) == answer::full);
  CHECK(rig.ask({.id = 1}) == answer::granted);
}

// It waited until its limit, and everybody behind it.
TEST_CASE("what never fits below the reserve is refused at once",
          "[bulkhead][table]") {
  table_rig rig{waiting(10, 5)};
  rig.ask({.id = 1});
  CHECK(rig.ask({.id = 2, .amount = 6}) == answer::full);
  CHECK(rig.ask({.id = 3, .amount = 10, .level = critical}) == answer::waits);
  CHECK(rig.ask({.id = 4, .amount = 11, .level = critical}) == answer::full);
  CHECK(rig.ask({.id = 5, .amount = 5}) == answer::waits);
  CHECK(rig.resize(8, 4).empty());
  CHECK_FALSE(rig.waits(3));
  CHECK_FALSE(rig.waits(5));
  auto out = rig.table.take_refused(1);
  CHECK(out.size() == 2);
}

// Its amount wrapped around where its consumer had something.
TEST_CASE("the largest amount of all is refused and changes nothing",
          "[bulkhead][table]") {
  auto amount = GENERATE(~uint64_t{0}, ~uint64_t{0} - 1, uint64_t{1} << 63);
  auto mode = GENERATE(bulkhead_mode::enforced, bulkhead_mode::shadow);
  auto options = waiting(10);
  options.mode = mode;
  table_rig rig{options};
  REQUIRE(rig.allot(3));
  rig.ask({.id = 1, .amount = 2});
  CHECK(rig.ask({.id = 2, .amount = amount}) == answer::full);
  CHECK(rig.account().use() == 2);
  CHECK(rig.use() == 3);
  rig.give(2);
  CHECK(rig.unallot() == 3);
  CHECK(rig.use() == 0);
}

// The one served when the source was forgotten was never told.
TEST_CASE("what a forgotten source had goes to the next, who is told",
          "[bulkhead][table]") {
  table_rig rig{waiting(1)};
  rig.ask({.id = 1, .source = 1});
  rig.ask({.id = 2, .source = 2});
  rig.give();
  REQUIRE(rig.granted(2, 2));
  rig.ask({.id = 3, .source = 2});
  rig.ask({.id = 4, .source = 3});
  auto changed = rig.table.forget_source(2, rig.now);
  CHECK(rig.granted(4, 3));
  CHECK(changed.count(3) == 1);
  CHECK(rig.table.of({2, 2}) == permit_table::standing::unknown);
  CHECK_FALSE(rig.waits(3, 2));
  CHECK(rig.table.counted().withdrawn == 1);
  CHECK(rig.table.counted().timeouts == 0);
}

TEST_CASE("who gives up lets those behind it fit", "[bulkhead][table]") {
  table_rig rig{waiting(3)};
  rig.ask({.id = 1, .amount = 2});
  rig.ask({.id = 2, .amount = 3});
  rig.ask({.id = 3, .source = 2});
  SECTION("because it leaves") {
    CHECK(rig.table.forget({1, 2}, rig.now).count(2) == 1);
  }
  SECTION("because its time is over") {
    rig.now += 10s;
    auto changed = rig.table.expire(rig.now);
    CHECK(changed == permit_table::sources{1, 2});
    CHECK(rig.table.take_refused(1).front().second == errc::bulkhead_timeout);
    return;
  }
  SECTION("because it died") {
    CHECK(rig.table.forget_source(1, rig.now).count(2) == 1);
  }
  CHECK(rig.granted(3, 2));
}

// Nobody looked again when the order had turned round.
TEST_CASE("who is next because others were turned away is served",
          "[bulkhead][table]") {
  auto options = waiting(4);
  options.queue = 4;
  options.order = queue_order::adaptive_lifo;
  table_rig rig{options};
  rig.ask({.id = 1, .amount = 3});
  rig.ask({.id = 2, .amount = 4, .level = critical});
  rig.ask({.id = 3, .amount = 1, .level = critical});
  rig.ask({.id = 4, .amount = 4, .level = critical});
  rig.ask({.id = 5});
  REQUIRE(rig.waits(4));
  rig.table.forget({1, 2}, rig.now);
  REQUIRE(rig.waits(3));
  rig.isolate(isolation::normal);
  CHECK(rig.granted(3));
}

TEST_CASE("an isolation turns away by priority, also who waits",
          "[bulkhead][table]") {
  table_rig rig{waiting(1)};
  rig.ask({.id = 1});
  rig.ask({.id = 2, .level = background});
  rig.ask({.id = 3});
  rig.ask({.id = 4, .level = critical});
  rig.isolate(isolation::background);
  CHECK(
    rig.table.take_refused(1)
    == std::vector<std::pair<uint64_t, errc>>{{2, errc::bulkhead_isolated}});
  rig.isolate(isolation::normal);
  CHECK(rig.table.take_refused(1).size() == 1);
  CHECK(rig.ask({.id = 5}) == answer::isolated);
  CHECK(rig.waits(4));
  rig.give();
  CHECK(rig.granted(4));
  rig.isolate(isolation::all);
  CHECK(rig.ask({.id = 6, .level = critical}) == answer::isolated);
  CHECK(rig.table.slow());
  rig.isolate(isolation::none);
  CHECK_FALSE(rig.table.slow());
  rig.give();
  CHECK(rig.table.counter().try_take(1, call_priority::normal));
}

TEST_CASE("a drain ends when nothing is in use, once", "[bulkhead][table]") {
  table_rig rig{waiting(4)};
  rig.ask({.id = 1, .amount = 2});
  rig.isolate(isolation::all, true);
  CHECK_FALSE(rig.table.drained());
  rig.give();
  CHECK_FALSE(rig.table.drained());
  CHECK(rig.table.counter().quiet(rig.use()));
  rig.give();
  CHECK_FALSE(rig.table.counter().quiet(rig.use()));
  CHECK(rig.table.drained());
  CHECK_FALSE(rig.table.drained());
}

// The mark stayed, so that everybody had to come the slow way for ever.
TEST_CASE("after a drain without isolation the fast path is open",
          "[bulkhead][table]") {
  table_rig rig{waiting(4)};
  rig.isolate(isolation::none, true);
  CHECK(rig.table.drained());
  CHECK(rig.table.counter().try_take(1, call_priority::normal));
}

TEST_CASE("a smaller capacity is reached by what comes back",
          "[bulkhead][table]") {
  table_rig rig{waiting(10)};
  for (uint64_t i = 1; i <= 10; ++i)
    rig.ask({.id = i});
  CHECK(rig.resize(4).empty());
  CHECK(rig.ask({.id = 11}) == answer::waits);
  for (int i = 0; i < 6; ++i) {
    rig.give();
    CHECK(rig.waits(11));
  }
  rig.give();
  CHECK(rig.granted(11));
  CHECK(rig.use() == 4);
  rig.ask({.id = 12});
  CHECK(rig.resize(5).empty());
  CHECK(rig.granted(12));
}

TEST_CASE("a size that contradicts itself is refused by name",
          "[bulkhead][table]") {
  table_rig rig{waiting(10, 2)};
  CHECK(rig.resize(0)
        == "bulkhead.capacity is 0; it must be at least 1 and at most "
           "1099511627776");
  CHECK(rig.resize(5, 5)
        == "bulkhead.reserved_for_critical is 5; it must be below "
           "bulkhead.capacity, which is 5");
  CHECK(rig.table.options().capacity == 10);
  CHECK(rig.table.counter().limits_now().normal == 8);
}

TEST_CASE("shadow mode lets everything through, and all of it comes back",
          "[bulkhead][table]") {
  table_rig rig{
    {.capacity = 2, .reserved_for_critical = 1, .mode = bulkhead_mode::shadow}};
  for (uint64_t i = 1; i <= 4; ++i)
    CHECK(rig.ask({.id = i, .amount = i}) == answer::granted);
  CHECK(rig.use() == 10);
  CHECK(rig.table.counted().shadowed == 3);
  CHECK(rig.table.counted().granted == 4);
  rig.isolate(isolation::all);
  CHECK(rig.ask({.id = 5}) == answer::granted);
  CHECK(rig.allot(5));
  CHECK(rig.unallot() == 5);
  rig.give(11);
  CHECK(rig.use() == 0);
  CHECK(rig.account().use() == 0);
}

TEST_CASE("a account goes to another one only when it has nothing",
          "[bulkhead][table]") {
  permit_table table{waiting(1)};
  std::vector<consumer_account*> accounts;
  for (size_t i = 0; i < permit_table::consumers_max; ++i)
    accounts.push_back(table.account("c" + std::to_string(i), i == 0));
  permit_table::sources changed;
  permit_ticket who;
  who.key = {1, 1};
  who.consumer = 1;
  CHECK(table.ask(who, false, {}, changed) == answer::granted);
  who.key = {1, 2};
  who.consumer = 2;
  CHECK(table.ask(who, false, {}, changed) == answer::waits);
  // The first is held by somebody, the second has something, the third waits.
  for (size_t i = 3; i < permit_table::consumers_max; ++i) {
    auto* found = table.account("d" + std::to_string(i), true);
    REQUIRE(found != nullptr);
    CHECK(found->number >= 3);
    CHECK(found == accounts[found->number]);
  }
  CHECK(table.account("one more", false) == nullptr);
  CHECK(table.find("c3") == nullptr);
  CHECK(table.find("c0") == accounts[0]);
  CHECK(table.find("d3") != nullptr);
}
