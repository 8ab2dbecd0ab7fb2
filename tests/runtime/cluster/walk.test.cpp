// Nodes that are killed, frozen, cut off in one direction and in both, moved
// and restarted, by a seeded hand: WALK_SEED says how, WALK_STEPS how often.
// Afterwards all are members for all, every deed of a role was done by one
// holder at a time, requests are answered, and all journals tell the same.
//
// Takes a minute and more: `test_role_cluster '[walk]'`.

#include "runtime/cluster/walkers.hpp"
#include "support/dice.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace std::chrono_literals;
using test::walk_names;
using test::walkers;

namespace {

/// One step of the walk. Returns what it was.
std::string step(walkers& all, test::dice& chance) {
  auto one = chance.pick(walk_names);
  auto other = chance.pick(walk_names);
  auto some = [&](int least, int most) {
    return std::chrono::milliseconds{
      least
      + static_cast<int>(chance.below(static_cast<size_t>(most - least)))};
  };
  switch (chance.below(10)) {
  case 0:
    all.kill(one);
    all.start(one);
    return "kill " + one + ", start at once";
  case 1:
    all.kill(one);
    all.pass(some(100, 3000));
    all.start(one);
    return "kill " + one + ", start later";
  case 2:
    all.signal(one, SIGSTOP);
    all.pass(some(500, 8000));
    all.signal(one, SIGCONT);
    return "freeze " + one;
  case 3:
    all.cut_off(one, true, true);
    all.pass(some(500, 9000));
    return "cut off " + one;
  case 4: {
    auto in = chance.roll(1, 2);
    all.cut_off(one, in, !in);
    all.pass(some(500, 9000));
    return std::string{"cut off one way "} + (in ? "to " : "from ") + one;
  }
  case 5:
    all.network.cut(one, other);
    all.network.cut(other, one);
    all.pass(some(500, 9000));
    return "cut between " + one + " and " + other;
  case 6:
    all.kill(one, SIGTERM);
    all.move(one);
    all.start(one);
    return "move " + one;
  case 7:
    all.kill(one);
    if (other != one)
      all.kill(other);
    all.pass(some(10, 1000));
    all.start(one);
    if (other != one)
      all.start(other);
    return "kill " + one + " and " + other;
  case 8:
    all.kill(one);
    all.cut_off(one, true, true);
    all.start(one);
    all.pass(some(500, 4000));
    return "start " + one + " while cut off";
  default:
    for (const auto& each : walk_names)
      all.network.reset(one, each);
    return "reset the connections of " + one;
  }
}

uint64_t number_in(const char* variable, uint64_t otherwise) {
  const auto* given = std::getenv(variable);
  return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

} // namespace

TEST_CASE("nodes find each other whatever happens to them",
          "[.][processes][walk]") {
  auto seed = number_in("WALK_SEED", 20261130);
  auto steps = number_in("WALK_STEPS", 3);
  std::cout << "WALK_SEED=" << seed << " WALK_STEPS=" << steps << std::endl;
  test::dice chance{seed};
  walkers all;
  all.await_members();
  for (uint64_t i = 0; i < steps; ++i) {
    auto what = step(all, chance);
    std::cout << "step " << i << ": " << what << std::endl;
    CAPTURE(i, what);
    all.network.heal_all();
    all.await_members();
  }
  // All at once, as after a power cut.
  for (const auto& name : walk_names)
    all.kill(name);
  for (const auto& name : walk_names)
    all.start(name);
  all.await_members();
  all.await_answers();
  all.check_requests();
  all.check_deeds();
  all.check_ledgers();
}

TEST_CASE("nodes that see each other only through others lose nobody, and one "
          "that hears nobody brings nobody down",
          "[.][processes][walk]") {
  walkers all;
  all.await_members();
  all.network.cut("alpha", "beta");
  all.network.cut("beta", "alpha");
  all.cut_off("epsilon", true, false);
  all.pass(9s);
  CHECK(all.states("alpha")["beta"] == "unreachable");
  CHECK(all.states("beta")["alpha"] == "unreachable");
  CHECK(all.states("alpha")["gamma"] == "up");
  CHECK(all.states("epsilon")["gamma"] == "unreachable");
  for (const auto& each : all.lost())
    // It is deaf and so answers nobody's handshake: others may lose it.
    CHECK(each.ends_with(" epsilon"));
  all.network.heal_all();
  all.await_members();
  for (const auto& each : all.lost())
    CHECK(each.ends_with(" epsilon"));
}
