#include <bulwark/gate/detail/rate_waiters.hpp>

#include <catch2/catch.hpp>

// Who waits for its turn, and in which order.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto critical = call_priority::critical;
constexpr auto normal = call_priority::normal;
constexpr auto background = call_priority::background;

constexpr uint64_t alice = 1;
constexpr uint64_t bob = 2;

time_point at(duration since) {
  return time_point{1h + since};
}

pending_id number(uint32_t n) {
  return pending_id::make(n, 7);
}

} // namespace

TEST_CASE("who waits passes when its turn comes", "[rate]") {
  rate_waiters line;
  CHECK(line.wait(number(1), {alice, normal, "a", at(2s)}) == at(2s));
  CHECK(line.waits(number(1)));
  CHECK(line.waiting() == 1);
  CHECK_FALSE(line.waits(number(2)));
  CHECK_FALSE(line.may_pass(number(1), at(1s)));
  CHECK_FALSE(line.may_pass(number(2), at(5s)));
  CHECK_FALSE(line.any_due(at(1s)));
  CHECK(line.any_due(at(2s)));
  CHECK(line.may_pass(number(1), at(2s)));
  line.pass(number(1));
  CHECK_FALSE(line.waits(number(1)));
  CHECK_FALSE(line.may_pass(number(1), at(2s)));
  CHECK(line.waiting() == 0);
  // Its turn is known until it is begun.
  auto begun = line.remove(number(1));
  REQUIRE(begun);
  CHECK(begun->tenant == "a");
  CHECK_FALSE(begun->waited);
  CHECK_FALSE(line.remove(number(1)));
}

TEST_CASE("who gives up waiting is in nobody's way", "[rate]") {
  rate_waiters line;
  line.wait(number(1), {alice, normal, "a", at(2s)});
  CHECK(line.wait(number(2), {alice, normal, "b", at(1s)}) == at(2s));
  CHECK_FALSE(line.may_pass(number(2), at(3s)));
  auto gone = line.remove(number(1));
  REQUIRE(gone);
  CHECK(gone->tenant == "a");
  CHECK(gone->waited);
  CHECK(line.may_pass(number(2), at(3s)));
}

TEST_CASE("a sender's messages pass in order", "[rate]") {
  rate_waiters line;
  CHECK_FALSE(line.behind(alice, normal));
  line.wait(number(1), {alice, normal, "a", at(2s)});
  CHECK(line.behind(alice, normal));
  CHECK(line.behind(alice, background));
  CHECK_FALSE(line.behind(alice, critical));
  CHECK_FALSE(line.behind(bob, background));
  CHECK(line.wait(number(2), {alice, background, "b"}) == at(2s));
  CHECK(line.wait(number(3), {alice, critical, "c", at(1s)}) == at(1s));
  CHECK(line.wait(number(4), {bob, normal, "d", at(1s)}) == at(1s));
  // Behind 3, which came earlier, and behind 1.
  CHECK(line.wait(number(5), {alice, normal, "e", at(1s)}) == at(2s));
  CHECK(line.may_pass(number(3), at(2s)));
  CHECK(line.may_pass(number(4), at(2s)));
  CHECK(line.may_pass(number(1), at(2s)));
  CHECK_FALSE(line.may_pass(number(2), at(2s)));
  CHECK_FALSE(line.may_pass(number(5), at(2s)));
  line.pass(number(1));
  CHECK(line.may_pass(number(2), at(2s)));
  CHECK_FALSE(line.may_pass(number(5), at(2s)));
  line.pass(number(3));
  CHECK(line.may_pass(number(5), at(2s)));
}

TEST_CASE("who is turned away passes never", "[rate]") {
  rate_waiters line;
  line.wait(number(1), {alice, normal, "a", at(1s)});
  line.wait(number(2), {alice, normal, "a", at(1s)});
  line.turn_away(number(1));
  CHECK_FALSE(line.may_pass(number(1), at(1h)));
  CHECK_FALSE(line.may_pass(number(2), at(1h)));
  CHECK(line.next_after(at(0s)) == at(1s));
  CHECK(line.remove(number(1))->waited);
  CHECK(line.may_pass(number(2), at(1s)));
  line.turn_away(number(2));
  CHECK_FALSE(line.any_due(at(1h)));
  CHECK(line.remove(number(2)));
  CHECK(line.waiting() == 0);
}

TEST_CASE("the next turn is the earliest that has not come", "[rate]") {
  rate_waiters line;
  CHECK_FALSE(line.next_after(at(0s)));
  line.wait(number(1), {alice, normal, "", at(2s)});
  line.wait(number(2), {bob, normal, "", at(1s)});
  line.note(number(3), "c");
  CHECK(line.next_after(at(0s)) == at(1s));
  CHECK(line.next_after(at(1s)) == at(2s));
  CHECK_FALSE(line.next_after(at(2s)));
  line.remove(number(2));
  CHECK(line.next_after(at(0s)) == at(2s));
  CHECK(line.remove(number(3))->tenant == "c");
}
