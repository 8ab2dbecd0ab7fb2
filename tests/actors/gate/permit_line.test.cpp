#include "actors/gate/permits.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/gate/detail/permit_line.hpp>

#include <catch2/catch.hpp>

// Who is lined up for permits, without a gate around it. Whoever goes with the
// permit of another leaves that one a ticket; nobody who waits is without one.

using namespace bulwark;
using namespace std::chrono_literals;
using detail::permit_line;
using detail::permit_request;

namespace {

struct lined_fixture {
  test::deterministic_system rig;
  std::shared_ptr<detail::bulkhead_core> core =
    bulkhead{rig.system(), "pool", test::permits(1, 10, 1h)}.core();
  detail::permit_limit limit{core, "orders"};
  permit_line line{limit};

  static permit_request request(uint64_t id) { return {pending_id{id}}; }

  /// The only permit is somebody's, and those line up behind.
  void line_up(std::initializer_list<uint64_t> ids) {
    REQUIRE(limit.try_take(request(99)));
    for (auto id : ids)
      REQUIRE(line.line_up(request(id)) == permit_table::answer::waits);
  }

  /// Whoever has the permit gives it back, and the line hears who gets it.
  void give() {
    limit.give(request(99));
    line.fetch();
  }

  /// So does whoever did not use it.
  void return_unused() {
    line.return_unused();
    line.perform(line.take_deferred());
    line.fetch();
  }
};

} // namespace

TEST_CASE_METHOD(lined_fixture,
                 "who cannot use its permit leaves, not one before it",
                 "[permit_line]") {
  // As where the key of 2 is not free.
  line_up({2, 1});
  give();
  return_unused();
  CHECK_FALSE(line.knows(pending_id{2}));
  REQUIRE(line.knows(pending_id{1}));
  CHECK(line.may_go_in_turn(request(1), {}));
}

TEST_CASE_METHOD(lined_fixture, "nobody is left without a ticket",
                 "[permit_line]") {
  line_up({1, 2, 3});
  give();
  // 3 came back from a replica that died, and goes before the others.
  REQUIRE(line.may_go_in_turn(request(3), {0, true}));
  line.gone(pending_id{3});
  CHECK_FALSE(line.may_go_in_turn(request(1), {}));
  CHECK_FALSE(line.may_go_in_turn(request(2), {}));

  SECTION("the next permit is that of 2, and 1 has the place of 3") {
    give();
    CHECK_FALSE(line.may_go_in_turn(request(1), {}));
    CHECK(line.may_go_in_turn(request(2), {}));
    line.gone(pending_id{2});
    give();
    CHECK(line.may_go_in_turn(request(1), {}));
  }
  SECTION("who leaves takes its own along, and no other's") {
    line.left(pending_id{1});
    line.perform(line.take_deferred());
    give();
    CHECK(line.may_go_in_turn(request(2), {}));
    line.gone(pending_id{2});
    give();
    CHECK_FALSE(line.any_granted());
    CHECK(core->use() == 0);
  }
}
