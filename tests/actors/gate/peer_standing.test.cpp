#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/peer_offer.hpp>

#include <catch2/catch.hpp>

// What a gate makes of what it is told of other nodes: suspects, services that
// are down there, and how much they have to do.

using namespace bulwark;
using test::gate_fixture;

namespace {

void meet(gate_fixture& fixture, const gate& here, const std::string& name,
          const gate& there) {
  here.peer_up(name, caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  fixture.rig.run();
}

void part(gate_fixture& fixture, const gate& here, const std::string& name) {
  here.peer_down(name);
  fixture.rig.run();
}

/// One gate that two other nodes, `beta` and `gamma`, offer a service to.
struct two_others {
  gate_fixture fixture;
  const gate& here = fixture.gate("here");

  two_others() {
    for (const auto* name : {"beta", "gamma"})
      meet(fixture, here, name, fixture.work(name).gate);
  }

  /// How many of so many requests that node handles.
  size_t share(const std::string& of, int requests = 40) {
    auto before = fixture.room(of).handled.size();
    for (int i = 0; i < requests; ++i)
      CHECK(fixture.ask(here.handle(), i)->value == i);
    return fixture.room(of).handled.size() - before;
  }

  void suspect(const std::string& node, bool is) {
    here.peer_suspect(node, is);
    fixture.rig.run();
  }

  void stands(const std::string& node, const peer_offer& offer) {
    here.peer_stands(node, offer);
    fixture.rig.run();
  }
};

} // namespace

TEST_CASE("a suspect gets nothing that another one offers to do",
          "[gate][peer]") {
  two_others it;
  auto both = it.share("beta");
  CHECK(both > 0);
  CHECK(both < 40);
  it.suspect("beta", true);
  CHECK(it.share("beta") == 0);
  CHECK(it.here.status().peers_up == 2);
  // Nobody else is there.
  part(it.fixture, it.here, "gamma");
  CHECK(it.share("beta") == 40);
  it.suspect("beta", false);
  meet(it.fixture, it.here, "gamma", it.fixture.work("more").gate);
  CHECK(it.share("beta") > 0);
  // Who comes back is no suspect.
  it.suspect("beta", true);
  part(it.fixture, it.here, "beta");
  meet(it.fixture, it.here, "beta", it.fixture.work("again").gate);
  CHECK(it.share("again") > 0);
  it.suspect("nobody", true);
}

TEST_CASE("a node on which a service is down does not count as up",
          "[gate][peer]") {
  for (auto state :
       {offer_state::down, offer_state::draining, offer_state::isolated}) {
    CAPTURE(to_string(state));
    two_others it;
    it.stands("beta", {.state = state, .replicas = 0});
    CHECK(it.here.status().peers_up == 1);
    CHECK(it.share("beta") == 0);
    it.suspect("gamma", true);
    CHECK(it.share("gamma") == 40);
    it.stands("gamma", {.state = state, .replicas = 0});
    CHECK(it.here.status().peers_up == 0);
    CHECK(it.here.status().state == service_state::restarting);
    // Its own gate knows best what becomes of a request.
    CHECK(it.share("beta") == 40);
    it.stands("beta", {.state = offer_state::degraded});
    CHECK(it.here.status().peers_up == 1);
    CHECK(it.here.status().state == service_state::up);
  }
}

TEST_CASE("of two nodes the one with less to do gets a request",
          "[gate][peer]") {
  two_others it;
  it.stands("beta", {.replicas = 2, .load = 20});
  it.stands("gamma", {.replicas = 1, .load = 9});
  auto more = it.share("beta");
  it.stands("gamma", {.replicas = 1, .load = 11});
  auto less = it.share("beta");
  // A node that is chosen twice gets the request, whatever it has to do.
  CHECK(more > 0);
  CHECK(more < less);
  CHECK(less < 40);
}

TEST_CASE("requests are spread over this node and others, if it is told to",
          "[gate][peer]") {
  gate_fixture fixture;
  auto& there = fixture.work("there");
  auto& here = fixture.work("here", {.route = routing::spread});
  auto share = [&](const std::string& of) {
    auto before = fixture.room(of).handled.size();
    for (int i = 0; i < 40; ++i)
      CHECK(fixture.ask(here.handle(), i)->value == i);
    return fixture.room(of).handled.size() - before;
  };
  CHECK(share("here") == 40);
  meet(fixture, here.gate, "beta", there.gate);
  auto some = share("there");
  CHECK(some > 0);
  CHECK(some < 40);
  here.gate.peer_suspect("beta", true);
  fixture.rig.run();
  CHECK(share("there") == 0);
  part(fixture, here.gate, "beta");
  CHECK(share("here") == 40);
}

TEST_CASE("load is told when it is another one, not each time it changes",
          "[gate][peer]") {
  const peer_offer idle{};
  CHECK_FALSE(worth_telling(idle, idle));
  CHECK_FALSE(worth_telling(idle, {.load = 3}));
  CHECK(worth_telling(idle, {.load = 4}));
  CHECK(worth_telling({.load = 4}, idle));
  CHECK_FALSE(worth_telling({.load = 10}, {.load = 19}));
  CHECK(worth_telling({.load = 10}, {.load = 20}));
  CHECK_FALSE(worth_telling({.replicas = 8}, {.replicas = 8, .load = 31}));
  CHECK(worth_telling({.replicas = 8}, {.replicas = 8, .load = 32}));
  CHECK(worth_telling(idle, {.replicas = 2}));
  CHECK(worth_telling(idle, {.state = offer_state::down}));
}
