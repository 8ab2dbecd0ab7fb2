#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

// What a gate does while other nodes that offer its service stop, or are away.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

/// A gate without replicas, and two nodes that offer its service.
struct cluster_fixture : gate_fixture {
  const test::service& beta = work("beta");
  const test::service& gamma = work("gamma");
  const bulwark::gate& here = gate("echo", patient());
  client alice{rig};

  static gate_options patient() {
    gate_options result;
    result.timeout = 1min;
    result.hop_limit = 3;
    return result;
  }

  void connect(const std::string& node, const test::service& which) {
    here.peer_up(node, caf::actor_cast<caf::strong_actor_ptr>(which.handle()));
    rig.run();
  }

  void cut(const std::string& node) {
    here.peer_down(node);
    rig.run();
  }

  auto asks(int what) { return alice.asks<int>(here.handle(), what); }
};

} // namespace

TEST_CASE("what a node that drains refuses is handled by another one",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  fixture.connect("gamma", fixture.gamma);
  fixture.beta.gate.drain();
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.asks(i)->value == i);
  CHECK(fixture.room("beta").handled.empty());
  CHECK(fixture.here.status().peers_up == 1);
  CHECK(test::open_requests(fixture.here) == 0);
  CHECK(test::open_requests(fixture.beta.gate) == 0);
  CHECK(fixture.alice.book().responses == 20);
}

TEST_CASE("also plain sends, and their sender stays visible",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  fixture.beta.gate.drain();
  fixture.alice.sends(fixture.here.handle(), 1);
  fixture.alice.sends(fixture.here.handle(), 2);
  fixture.connect("gamma", fixture.gamma);
  CHECK(fixture.room("gamma").handled == std::vector{1, 2});
  CHECK(fixture.room("gamma").senders[0] == fixture.alice.handle()->address());
  CHECK(fixture.alice.book().inbox.size() == 2);
  CHECK(fixture.all(event_kind::dead_letter).empty());
  CHECK(test::open_requests(fixture.here) == 0);
}

TEST_CASE("what comes back keeps its order, with a key and without",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  auto key = GENERATE("", "ada");
  fixture.connect("beta", fixture.beta);
  fixture.beta.gate.drain();
  fixture.alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 4; ++i)
      self->send(fixture.here.handle(), call_options{.key = key}, i);
  });
  CHECK(fixture.here.status().waiting == 4);
  fixture.connect("gamma", fixture.gamma);
  CHECK(fixture.room("gamma").handled == std::vector{1, 2, 3, 4});
}

TEST_CASE("what comes back waits for a node as long as any other",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  fixture.beta.gate.drain();
  auto asked = fixture.asks(1);
  CHECK(asked->open());
  CHECK(fixture.here.status().waiting == 1);
  SECTION("until one comes") {
    fixture.connect("gamma", fixture.gamma);
    CHECK(asked->value == 1);
  }
  SECTION("or its time is over") {
    fixture.rig.advance(9900ms);
    CHECK(asked->open());
    fixture.rig.advance(200ms);
    CHECK(asked->code() == errc::unreachable);
    CHECK(fixture.asks(2)->code() == errc::unreachable);
  }
  CHECK(test::open_requests(fixture.here) == 0);
}

TEST_CASE("nobody is sent around for ever", "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.beta.gate.drain();
  fixture.connect("beta", fixture.beta);
  auto asked = fixture.asks(1);
  for (int i = 0; i < 2; ++i) {
    fixture.connect("beta", fixture.beta);
    CHECK(asked->open());
  }
  fixture.connect("beta", fixture.beta);
  CHECK(asked->code() == errc::draining);
  CHECK(test::open_requests(fixture.here) == 0);
}

TEST_CASE("a node that says that it drains answers what it has",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  auto kept =
    fixture.alice.asks<int>(fixture.here.handle(), test::keep_atom::value, 1);
  fixture.connect("gamma", fixture.gamma);
  fixture.here.peer_drains("beta");
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.asks(i)->value == i);
  CHECK(fixture.room("beta").handled == std::vector{1});
  CHECK(fixture.here.status().peers_up == 1);
  fixture.deliver("beta", 0, 7);
  CHECK(kept->value == 7);
  fixture.cut("beta");
  // It comes back as a new start.
  fixture.connect("beta", fixture.beta);
  CHECK(fixture.here.status().peers_up == 2);
}

TEST_CASE("a node that drains and is lost leaves nothing unanswered",
          "[gate][peer][drain]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  auto kept =
    fixture.alice.asks<int>(fixture.here.handle(), test::keep_atom::value, 1);
  fixture.here.peer_drains("beta");
  fixture.cut("beta");
  CHECK(kept->code() == errc::unreachable);
  CHECK(test::open_requests(fixture.here) == 0);
}

TEST_CASE("requests wait for the only node that offers a service to come back",
          "[gate][peer][expected_state]") {
  cluster_fixture fixture;
  fixture.connect("beta", fixture.beta);
  fixture.cut("beta");
  auto asked = fixture.asks(1);
  CHECK(asked->open());
  CHECK(fixture.here.status().state == service_state::restarting);
  SECTION("it does") {
    fixture.rig.advance(5s);
    fixture.connect("beta", fixture.beta);
    CHECK(asked->value == 1);
  }
  SECTION("it does not") {
    fixture.rig.advance(9s);
    auto late = fixture.asks(2);
    CHECK(late->open());
    fixture.rig.advance(2s);
    CHECK(asked->code() == errc::unreachable);
    CHECK(fixture.here.status().state == service_state::unreachable);
    CHECK(fixture.asks(3)->code() == errc::unreachable);
    fixture.rig.advance(9s);
    CHECK(late->code() == errc::unreachable);
  }
  CHECK(test::open_requests(fixture.here) == 0);
}

TEST_CASE("what a peer sent does not wait for other nodes",
          "[gate][peer][expected_state]") {
  cluster_fixture fixture;
  auto& there = fixture.gate("there", {}, 1);
  there.peer_up("gamma",
                caf::actor_cast<caf::strong_actor_ptr>(fixture.gamma.handle()));
  fixture.here.peer_up("there",
                       caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  fixture.rig.run();
  auto asked = fixture.asks(1);
  CHECK(asked->open());
  there.peer_down("gamma");
  fixture.change(there, 0, child_state::failed, 1);
  CHECK(asked->code() == errc::service_failed);
}

TEST_CASE("a name that no node knows is answered so, with the nearest",
          "[gate][peer][expected_state]") {
  gate_fixture fixture;
  auto& here = fixture.gate("ecko");
  here.expect_peers();
  auto asked = fixture.ask(here.handle(), 1);
  CHECK(asked->open());
  here.offered_nowhere("echo");
  here.peers_told();
  fixture.rig.run();
  CHECK(asked->code() == errc::no_such_service);
  CHECK(describe(asked->error)
        == "ecko: no node offers a service of that name; the nearest name is "
           "echo");
  SECTION("until one offers it, which may be lost again") {
    auto& there = fixture.work("there");
    here.peer_up("beta",
                 caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
    fixture.rig.run();
    CHECK(fixture.ask(here.handle(), 2)->value == 2);
    here.peer_down("beta");
    fixture.rig.advance(11s);
    CHECK(fixture.ask(here.handle(), 3)->code() == errc::unreachable);
  }
}
