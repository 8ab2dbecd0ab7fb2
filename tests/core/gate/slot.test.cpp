#include <bulwark/gate/detail/slot.hpp>

#include <catch2/catch.hpp>

using bulwark::slot;
using bulwark::slot_guard;

TEST_CASE("nobody enters a closed door", "[slot]") {
  slot door;
  CHECK_FALSE(door.is_open());
  CHECK_FALSE(door.enter());
  CHECK_FALSE(door.held());
  CHECK(door.load() == 0);
  door.open();
  CHECK(door.is_open());
  CHECK(door.enter());
  door.leave();
  door.close();
  CHECK_FALSE(door.enter());
  CHECK_FALSE(door.held());
  CHECK(door.load() == 1);
}

TEST_CASE("a door is held until the last one leaves", "[slot]") {
  slot door;
  door.open();
  REQUIRE(door.enter());
  REQUIRE(door.enter());
  door.close();
  CHECK(door.held());
  door.leave();
  CHECK(door.held());
  door.leave();
  CHECK_FALSE(door.held());
}

TEST_CASE("the work stays out after one has left", "[slot]") {
  slot door;
  door.open();
  REQUIRE(door.enter());
  door.leave();
  REQUIRE(door.enter());
  door.leave();
  CHECK(door.load() == 2);
  door.work_back();
  CHECK(door.load() == 1);
  door.work_back();
  CHECK(door.load() == 0);
}

TEST_CASE("holding a door takes no work out", "[slot]") {
  slot door;
  door.hold();
  CHECK(door.held());
  CHECK(door.load() == 0);
  {
    slot_guard guard{door};
    door.work_out();
    CHECK(door.load() == 1);
  }
  CHECK_FALSE(door.held());
  CHECK(door.load() == 1);
}

TEST_CASE("work that came back between two looks is no debt", "[slot]") {
  slot door;
  door.work_back();
  CHECK(door.load() == 0);
  door.work_out();
  door.work_out();
  CHECK(door.load() == 1);
}

TEST_CASE("who holds a door is seen after the meeting, others have left",
          "[slot]") {
  slot door;
  door.open();
  REQUIRE(door.enter());
  door.meet();
  CHECK(door.held());
  CHECK(door.load() == 1);
  CHECK(door.is_open());
  door.leave();
  door.meet();
  CHECK_FALSE(door.held());
}
