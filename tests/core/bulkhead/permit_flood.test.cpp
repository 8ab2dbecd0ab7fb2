#include "core/bulkhead/table_rig.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using test::table_rig;
using namespace std::chrono_literals;

namespace {

using answer = permit_table::answer;

bool flood(table_rig& rig, bool close) {
  return rig.table.flood(close, rig.now, rig.changed);
}

} // namespace

TEST_CASE("a flooded door turns all away and opens again",
          "[bulkhead][table]") {
  table_rig rig{{.capacity = 1, .queue = 10, .queue_timeout = 10s}};
  rig.ask({.id = 1});
  rig.ask({.id = 2, .source = 2});
  CHECK(flood(rig, true));
  CHECK(rig.changed.count(2) == 1);
  CHECK(rig.table.take_refused(2).front().second == errc::bulkhead_isolated);
  CHECK(rig.ask({.id = 3, .level = call_priority::critical})
        == answer::isolated);
  CHECK(rig.use() == 1);
  CHECK_FALSE(flood(rig, true));
  CHECK(flood(rig, false));
  CHECK_FALSE(flood(rig, false));
  CHECK(rig.ask({.id = 4}) == answer::waits);
}

TEST_CASE("after a flood the door is as far open as before",
          "[bulkhead][table]") {
  table_rig rig{{.capacity = 1}};
  auto before =
    GENERATE(isolation::none, isolation::background, isolation::normal);
  rig.isolate(before);
  CHECK(flood(rig, true));
  CHECK(rig.table.isolated() == isolation::all);
  CHECK(flood(rig, false));
  CHECK(rig.table.isolated() == before);
}

TEST_CASE("what was closed by hand is not flooded", "[bulkhead][table]") {
  table_rig rig{{.capacity = 1}};
  auto draining = GENERATE(false, true);
  rig.isolate(isolation::all, draining);
  CHECK_FALSE(flood(rig, true));
  CHECK(rig.table.draining() == draining);
  CHECK_FALSE(flood(rig, false));
  CHECK(rig.table.isolated() == isolation::all);
  rig.isolate(isolation::none);
  CHECK(rig.ask({.id = 1}) == answer::granted);
}

TEST_CASE("what is said by hand during a flood stands", "[bulkhead][table]") {
  table_rig rig{{.capacity = 1}};
  flood(rig, true);
  auto by_hand = GENERATE(isolation::none, isolation::normal, isolation::all);
  rig.isolate(by_hand);
  CHECK_FALSE(flood(rig, false));
  CHECK(rig.table.isolated() == by_hand);
}
