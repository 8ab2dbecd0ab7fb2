#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/last_of_all.hpp"
#include "actors/gate/permits.hpp"

#include <catch2/catch.hpp>

// A balancing rule of a gate's own.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// Three replicas that a gate chooses among by a rule of the test's own.
service_plan three() {
  service_plan result;
  result.replicas = 3;
  result.balancing = last_of_all; // The one line.
  return result;
}

/// How many requests each replica was given.
std::vector<size_t> given(gate_fixture& fixture, const service& g) {
  std::map<caf::actor, size_t> counts;
  for (auto& each : fixture.room(g.gate.status().service).keepers)
    ++counts[each];
  std::vector<size_t> result;
  for (auto& [whom, n] : counts)
    result.push_back(n);
  return result;
}

void keep(gate_fixture& fixture, const service& g, int n) {
  for (int i = 0; i < n; ++i)
    fixture.ask(g.handle(), keep_atom::value, i);
}

} // namespace

TEST_CASE("a gate chooses by the rule that it is given", "[gate][balancing]") {
  gate_fixture fixture;
  auto plan = three();
  if (GENERATE(false, true))
    plan.bulkhead = fixture.bulkhead("pool", permits(100));
  auto& g = fixture.work("g", plan);
  keep(fixture, g, 10);
  CHECK(given(fixture, g) == std::vector<size_t>{10});
}

TEST_CASE("over a crash it chooses among the others, and the one that came "
          "back",
          "[gate][balancing][death]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", three());
  keep(fixture, g, 4);
  auto last = fixture.room("g").keepers.at(0);
  auto crashed = fixture.ask(g.handle(), boom_atom::value);
  REQUIRE(crashed->code() == errc::service_crashed);
  REQUIRE(g.gate.status().replicas_up == 2);
  fixture.room("g").keepers.clear();
  keep(fixture, g, 3);
  auto second = fixture.room("g").keepers.at(0);
  CHECK(second != last);
  CHECK(given(fixture, g) == std::vector<size_t>{3});
  fixture.rig.advance(1s);
  REQUIRE(g.gate.status().replicas_up == 3);
  fixture.room("g").keepers.clear();
  keep(fixture, g, 2);
  CHECK(fixture.room("g").keepers.at(0) != second);
  CHECK(given(fixture, g) == std::vector<size_t>{2});
}

TEST_CASE("what a crashed replica hands back goes where the rule says",
          "[gate][balancing][death]") {
  gate_fixture fixture;
  auto& g = fixture.work("g", three());
  client alice{fixture.rig};
  alice.does([&](caf::event_based_actor* self) {
    self->request(g.handle(), caf::infinite, boom_atom::value)
      .then([](int) {}, [](caf::error&) {});
    for (int i = 0; i < 5; ++i)
      self->request(g.handle(), caf::infinite, keep_atom::value, i)
        .then([](int) {});
  });
  CHECK(fixture.room("g").keepers.size() == 5);
  CHECK(g.gate.status().waiting == 0);
  CHECK(g.gate.status().in_flight == 5);
}

TEST_CASE("where a rule names nobody the first that is up is taken",
          "[gate][balancing]") {
  gate_fixture fixture;
  auto plan = three();
  plan.balancing = [](const replica_loads&, uint32_t) noexcept {
    return replica_choice{};
  };
  auto& g = fixture.work("g", plan);
  keep(fixture, g, 3);
  CHECK(given(fixture, g) == std::vector<size_t>{3});
}
