#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/cheap_random.hpp>

#include <catch2/catch.hpp>

// Each balancing strategy through a real gate: which of its replicas get what.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

service_plan by(balancing_strategy strategy, size_t replicas = 4) {
  service_plan result;
  result.replicas = replicas;
  result.balance = strategy;
  // Chance is the same in every run.
  detail::cheap_random_state() = 12'345;
  return result;
}

/// How many requests each replica got, in the order of their first ones.
std::vector<size_t> shares(gate_fixture& fixture, const std::string& service) {
  std::vector<caf::actor> known;
  std::vector<size_t> result;
  for (auto& each : fixture.room(service).keepers) {
    auto at = std::find(known.begin(), known.end(), each);
    if (at == known.end()) {
      known.push_back(each);
      result.push_back(1);
    } else {
      ++result[static_cast<size_t>(at - known.begin())];
    }
  }
  return result;
}

/// One request, which is answered at once.
void pass(gate_fixture& fixture, const service& to, const std::string& name,
          duration takes = 0s) {
  fixture.ask(to.handle(), keep_atom::value, 1);
  auto last = fixture.room(name).kept.size() - 1;
  if (takes > 0s)
    fixture.rig.advance(takes);
  fixture.deliver(name, last, 1);
}

/// What was asked so far does not count, and is answered no more.
void forget(gate_fixture& fixture) {
  fixture.room("g").keepers.clear();
  fixture.room("g").kept.clear();
}

bool within(size_t n, size_t least, size_t most) {
  return n >= least && n <= most;
}

} // namespace

TEST_CASE("round robin gives each replica the same, one after the other",
          "[gate][strategy]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::round_robin));
  for (int i = 0; i < 40; ++i)
    pass(fixture, g, "g");
  auto& keepers = fixture.room("g").keepers;
  CHECK(shares(fixture, "g") == std::vector<size_t>{10, 10, 10, 10});
  for (size_t i = 4; i < keepers.size(); ++i)
    CHECK(keepers[i] == keepers[i - 4]);
}

TEST_CASE("random gives each replica about the same, in no order",
          "[gate][strategy]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::random));
  for (int i = 0; i < 400; ++i)
    pass(fixture, g, "g");
  auto all = shares(fixture, "g");
  REQUIRE(all.size() == 4);
  for (auto n : all)
    CHECK(within(n, 70, 130));
  // Not one after the other, and not by load, which is the same all the time.
  auto& keepers = fixture.room("g").keepers;
  size_t twice = 0;
  for (size_t i = 1; i < keepers.size(); ++i)
    twice += keepers[i] == keepers[i - 1];
  CHECK(within(twice, 60, 140));
}

TEST_CASE("weighted gives each replica its share", "[gate][strategy]") {
  gate_fixture fixture;
  auto plan = by(balancing_strategy::weighted, 3);
  plan.weights = {6, 3, 1};
  auto& g = fixture.work("g", plan);
  for (int i = 0; i < 500; ++i)
    pass(fixture, g, "g");
  auto all = shares(fixture, "g");
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == 3);
  CHECK(within(all[0], 30, 70));
  CHECK(within(all[1], 120, 180));
  CHECK(within(all[2], 260, 340));
}

TEST_CASE("least in flight looks at all replicas", "[gate][strategy]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::least_in_flight, 8));
  // Two choices would leave some of them without work.
  for (int i = 0; i < 8; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
  CHECK(shares(fixture, "g") == std::vector<size_t>(8, 1));
  fixture.deliver("g", 3, 0);
  fixture.ask(g.handle(), keep_atom::value, 8);
  CHECK(fixture.room("g").keepers.back() == fixture.room("g").keepers[3]);
}

TEST_CASE("two choices is the default, and keeps loads close",
          "[gate][strategy]") {
  CHECK(gate_settings{}.strategy == balancing_strategy::two_choices);
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::two_choices));
  for (int i = 0; i < 200; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
  auto all = shares(fixture, "g");
  REQUIRE(all.size() == 4);
  for (auto n : all)
    CHECK(within(n, 46, 54));
}

TEST_CASE("peak EWMA avoids a replica that takes long, and comes back to it",
          "[gate][strategy]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::peak_ewma, 2));
  // The first one that is asked is slow, once.
  pass(fixture, g, "g", 500ms);
  auto slow = fixture.room("g").keepers.at(0);
  forget(fixture);
  for (int i = 0; i < 100; ++i)
    pass(fixture, g, "g", 1ms);
  CHECK(shares(fixture, "g") == std::vector<size_t>{100});
  CHECK(fixture.room("g").keepers.at(0) != slow);
  // It is forgotten while nobody asks.
  fixture.rig.advance(5min);
  forget(fixture);
  for (int i = 0; i < 20; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
  CHECK(shares(fixture, "g").size() == 2);
}

TEST_CASE("an error does not make a replica look fast", "[gate][strategy]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::peak_ewma, 3));
  // Each of the three takes some time first.
  for (int i = 0; i < 3; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
  REQUIRE(shares(fixture, "g") == std::vector<size_t>(3, 1));
  fixture.rig.advance(100ms);
  for (size_t i = 0; i < 3; ++i)
    fixture.deliver("g", i, 0);
  // Errors at once, for whoever is asked: then no one of them is preferred.
  for (int i = 0; i < 300; ++i)
    fixture.ask(g.handle(), fail_atom::value);
  forget(fixture);
  for (int i = 0; i < 30; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
  CHECK(shares(fixture, "g").size() == 3);
}

TEST_CASE("consistent hash sends a key to one replica, also when it is idle",
          "[gate][strategy][key]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", by(balancing_strategy::consistent_hash));
  std::set<caf::actor> used;
  for (int k = 0; k < 16; ++k) {
    forget(fixture);
    for (int i = 0; i < 10; ++i) {
      fixture.ask(g.handle(), call_options{.key = "k" + std::to_string(k)},
                  keep_atom::value, i);
      fixture.deliver("g", fixture.room("g").kept.size() - 1, 1);
    }
    CHECK(shares(fixture, "g") == std::vector<size_t>{10});
    used.insert(fixture.room("g").keepers.at(0));
  }
  CHECK(used.size() == 4);
}

TEST_CASE("while a key is at work its order beats every strategy",
          "[gate][strategy][key]") {
  auto strategy = GENERATE(
    balancing_strategy::round_robin, balancing_strategy::random,
    balancing_strategy::weighted, balancing_strategy::least_in_flight,
    balancing_strategy::peak_ewma, balancing_strategy::consistent_hash);
  CAPTURE(to_string(strategy));
  gate_fixture fixture;
  auto& g = fixture.work("g", by(strategy));
  for (int i = 0; i < 12; ++i)
    fixture.ask(g.handle(), call_options{.key = "ada"}, keep_atom::value, i);
  CHECK(shares(fixture, "g") == std::vector<size_t>{12});
}

TEST_CASE("over a crash each strategy goes on with the others",
          "[gate][strategy][death]") {
  auto strategy =
    GENERATE(balancing_strategy::two_choices, balancing_strategy::round_robin,
             balancing_strategy::random, balancing_strategy::weighted,
             balancing_strategy::least_in_flight, balancing_strategy::peak_ewma,
             balancing_strategy::consistent_hash);
  auto bulkhead = GENERATE(false, true);
  CAPTURE(to_string(strategy), bulkhead);
  gate_fixture fixture;
  auto plan = by(strategy);
  if (bulkhead)
    plan.bulkhead = fixture.bulkhead("pool", {.capacity = 100});
  auto& g = fixture.work("g", plan);
  CHECK(fixture.ask(g.handle(), boom_atom::value)->code()
        == errc::service_crashed);
  REQUIRE(g.gate.status().replicas_up == 3);
  std::vector<std::shared_ptr<const reply<int>>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(fixture.ask(g.handle(), i));
  for (int i = 0; i < 30; ++i)
    CHECK(answers[static_cast<size_t>(i)]->value == i);
  fixture.rig.advance(1s);
  CHECK(g.gate.status().replicas_up == 4);
  CHECK(open_requests(g.gate) == 0);
}
