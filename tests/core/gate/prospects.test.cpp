#include <bulwark/gate/detail/prospects.hpp>

#include <catch2/catch.hpp>

// What a message may hope for while nobody is up.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

const time_point now = time_point{} + 1h;

bool never(size_t) {
  return false;
}

} // namespace

TEST_CASE("a service that nobody has told of is not known", "[prospects]") {
  prospects of;
  CHECK(of.hopeless(false, now) == errc::unreachable);
  of.peers().offered_nowhere("");
  CHECK(of.hopeless(false, now) == errc::no_such_service);
}

TEST_CASE("one that is expected is hope for all", "[prospects]") {
  prospects of;
  of.declare(0, 2);
  CHECK_FALSE(of.hopeless(true, now));
  of.expect(0, expected_state::failed);
  CHECK_FALSE(of.hopeless(true, now));
  CHECK_FALSE(of.others_come(1));
  of.expect(1, expected_state::stopped);
  // A failure cools down; that is more to hope for.
  CHECK(of.hopeless(true, now) == errc::service_failed);
  of.expect_of_all(expected_state::coming);
  CHECK(of.others_come(1));
}

TEST_CASE("to declare a replica again changes nothing, unless it is gone",
          "[prospects]") {
  prospects of;
  of.declare(0, 1);
  of.expect(0, expected_state::failed);
  of.declare(0, 1);
  CHECK(of.of(0) == expected_state::failed);
  of.expect(0, expected_state::gone);
  CHECK(of.replicas_in_use() == 0);
  CHECK(of.hopeless(false, now) == errc::stopped);
  of.declare(0, 1);
  CHECK(of.of(0) == expected_state::coming);
  CHECK(of.replicas_in_use() == 1);
}

TEST_CASE("other nodes are hope for what they have not sent", "[prospects]") {
  prospects of;
  of.declare(0, 1);
  of.expect(0, expected_state::stopped);
  of.peers().ask();
  CHECK_FALSE(of.hopeless(false, now));
  CHECK(of.hopeless(true, now) == errc::stopped);
  of.peers().told();
  CHECK(of.hopeless(false, now) == errc::stopped);
}

TEST_CASE("a lost node is hope until it should be back", "[prospects]") {
  prospects of;
  auto slot = of.slot_for("beta", never);
  REQUIRE(slot == prospects::replicas_max);
  CHECK_FALSE(of.hopeless(false, now));
  of.lost(*slot, now + 10s);
  CHECK_FALSE(of.hopeless(false, now + 9s));
  CHECK(of.hopeless(false, now + 10s) == errc::unreachable);
}

TEST_CASE("a node comes back to its slot, others get free ones",
          "[prospects]") {
  prospects of;
  auto beta = of.slot_for("beta", never);
  auto gamma = of.slot_for("gamma", never);
  REQUIRE(beta);
  REQUIRE(gamma);
  CHECK(*beta != *gamma);
  of.lost(*beta, now);
  CHECK(of.slot_for("beta", never) == beta);
  CHECK(of.node_at(*gamma) == "gamma");
}

TEST_CASE("the slot of a lost node is given away when all are taken",
          "[prospects]") {
  prospects of;
  for (size_t i = 0; i < prospects::peers_max; ++i)
    REQUIRE(of.slot_for("node" + std::to_string(i), never));
  auto third = prospects::replicas_max + 3;
  of.lost(third, now);
  // It may still be at something there.
  CHECK_FALSE(of.slot_for("late", never));
  CHECK(of.slot_for("late", [&](size_t i) { return i == third; }) == third);
  CHECK(of.node_at(third) == "late");
}
