// One role, three voters, step by step.
#include <bulwark/cluster/detail/role_holder.hpp>
#include <bulwark/cluster/detail/role_voter.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};
const lease_times times;

/// A voter that has been there for long.
role_voter voter() {
  return {times, {}, start - 1h};
}

using kind = lease_call::kind;

lease_reply ask(role_voter& to, const std::string& node, uint64_t token,
                time_point now) {
  return to.answer({kind::ask, node, token, 0}, now);
}

lease_reply renew(role_voter& to, const std::string& node, uint64_t token,
                  time_point now) {
  return to.answer({kind::renew, node, token, 0}, now);
}

} // namespace

TEST_CASE("a voter lends to one node at a time, with growing tokens",
          "[lease]") {
  auto it = voter();
  CHECK(ask(it, "a", 1, start).yes);
  auto no = ask(it, "b", 2, start + 1s);
  CHECK_FALSE(no.yes);
  CHECK(no.holder == "a");
  CHECK(no.left == 5s);
  CHECK_FALSE(no.held);
  CHECK_FALSE(ask(it, "b", 2, start + 6s - 1ns).yes);
  CHECK_FALSE(ask(it, "b", 1, start + 6s).yes);
  CHECK(ask(it, "b", 2, start + 6s).yes);
  CHECK(it.promise() == lease_promise{2, "b"});
}

TEST_CASE("who asks again is not lent it for longer, who has it is",
          "[lease]") {
  auto it = voter();
  CHECK(ask(it, "a", 1, start).yes);
  CHECK(ask(it, "a", 1, start + 5s).yes);
  CHECK(ask(it, "b", 2, start + 6s).yes);
  CHECK(renew(it, "b", 2, start + 10s).yes);
  auto no = ask(it, "c", 3, start + 16s - 1ns);
  CHECK_FALSE(no.yes);
  CHECK(no.held);
  CHECK(ask(it, "c", 3, start + 16s).yes);
  // What comes late changes nothing.
  CHECK_FALSE(renew(it, "b", 2, start + 16s).yes);
}

TEST_CASE("what is given back is lent at once", "[lease]") {
  auto it = voter();
  CHECK(ask(it, "a", 1, start).yes);
  it.answer({kind::release, "a", 7, 0}, start);
  it.answer({kind::release, "b", 1, 0}, start);
  CHECK_FALSE(ask(it, "b", 2, start).yes);
  it.answer({kind::release, "a", 1, 0}, start);
  CHECK(ask(it, "b", 2, start).yes);
}

TEST_CASE("a voter that starts lends to nobody else for a lease", "[lease]") {
  role_voter it{times, {7, "a"}, start};
  CHECK_FALSE(ask(it, "b", 8, start + 6s - 1ns).yes);
  CHECK(renew(it, "a", 7, start + 1s).yes);
  CHECK_FALSE(ask(it, "b", 8, start + 7s - 1ns).yes);
  CHECK(ask(it, "b", 8, start + 7s).yes);
  role_voter empty{times, {}, start};
  CHECK_FALSE(ask(empty, "b", 1, start + 6s - 1ns).yes);
  CHECK(ask(empty, "b", 1, start + 6s).yes);
}

TEST_CASE("a node has the role with most voters, and says so in time",
          "[lease]") {
  std::vector<role_voter> voters(3, voter());
  role_holder it{"a", 3, times};
  auto wake = it.start(start, 0.5).wake;
  CHECK(wake == start + 1s);
  auto now = wake;
  // Two of the three hear it.
  auto carry = [&](const role_holder::step& what) {
    auto next = what;
    for (int turn = 0; turn < 5 && !next.send.empty(); ++turn) {
      role_holder::step later;
      for (auto& each : next.send)
        if (each.voter != 2) {
          auto got = it.on_reply(
            each.voter, voters[each.voter].answer(each.call, now), now, 0.5);
          later.send.insert(later.send.end(), got.send.begin(), got.send.end());
        }
      next = later;
    }
  };
  carry(it.wake(now, 0.5));
  CHECK(it.holds(now));
  CHECK(it.token() == 1);
  CHECK(it.holds(now + 4800ms - 1ns));
  CHECK_FALSE(it.holds(now + 4800ms));
  now += 2s;
  carry(it.wake(now, 0.5));
  CHECK(it.holds(now + 4800ms - 1ns));
  CHECK_FALSE(it.holds(now + 4800ms));
  // It gives the role back, and another one gets it at once.
  for (auto& each : it.stop().send)
    voters[each.voter].answer(each.call, now);
  CHECK_FALSE(it.holds(now));
  CHECK(ask(voters[0], "b", 2, now).yes);
}

TEST_CASE("a node alone votes for itself", "[lease]") {
  auto only = voter();
  role_holder it{"a", 1, times};
  auto now = it.start(start, 0).wake;
  auto step = it.wake(now, 0);
  while (!it.holds(now)) {
    REQUIRE(step.send.size() == 1);
    step = it.on_reply(0, only.answer(step.send[0].call, now), now, 0);
  }
  CHECK(it.token() == 1);
}
