#include "actors/gate/gate_stage.hpp"

#include <bulwark/call_options.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

// What a gate does while other nodes that offer its service stop, or are away.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_stage;

namespace {

/// A gate without replicas, and two nodes that offer its service.
struct cluster_stage : gate_stage {
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
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  stage.connect("gamma", stage.gamma);
  stage.beta.gate.drain();
  for (int i = 0; i < 20; ++i)
    CHECK(stage.asks(i)->value == i);
  CHECK(stage.room("beta").handled.empty());
  CHECK(stage.here.status().peers_up == 1);
  CHECK(test::on_the_books(stage.here) == 0);
  CHECK(test::on_the_books(stage.beta.gate) == 0);
  CHECK(stage.alice.book().responses == 20);
}

TEST_CASE("also plain sends, and their sender stays visible",
          "[gate][peer][drain]") {
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  stage.beta.gate.drain();
  stage.alice.sends(stage.here.handle(), 1);
  stage.alice.sends(stage.here.handle(), 2);
  stage.connect("gamma", stage.gamma);
  CHECK(stage.room("gamma").handled == std::vector{1, 2});
  CHECK(stage.room("gamma").senders[0] == stage.alice.handle()->address());
  CHECK(stage.alice.book().inbox.size() == 2);
  CHECK(stage.all(event_kind::dead_letter).empty());
  CHECK(test::on_the_books(stage.here) == 0);
}

TEST_CASE("what comes back keeps its order, with a key and without",
          "[gate][peer][drain]") {
  cluster_stage stage;
  auto key = GENERATE("", "ada");
  stage.connect("beta", stage.beta);
  stage.beta.gate.drain();
  stage.alice.does([&](caf::event_based_actor* self) {
    for (int i = 1; i <= 4; ++i)
      self->send(stage.here.handle(), call_options{.key = key}, i);
  });
  CHECK(stage.here.status().waiting == 4);
  stage.connect("gamma", stage.gamma);
  CHECK(stage.room("gamma").handled == std::vector{1, 2, 3, 4});
}

TEST_CASE("what comes back waits for a node as long as any other",
          "[gate][peer][drain]") {
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  stage.beta.gate.drain();
  auto asked = stage.asks(1);
  CHECK(asked->open());
  CHECK(stage.here.status().waiting == 1);
  SECTION("until one comes") {
    stage.connect("gamma", stage.gamma);
    CHECK(asked->value == 1);
  }
  SECTION("or its time is over") {
    stage.rig.advance(9900ms);
    CHECK(asked->open());
    stage.rig.advance(200ms);
    CHECK(asked->code() == errc::unreachable);
    CHECK(stage.asks(2)->code() == errc::unreachable);
  }
  CHECK(test::on_the_books(stage.here) == 0);
}

TEST_CASE("nobody is sent around for ever", "[gate][peer][drain]") {
  cluster_stage stage;
  stage.beta.gate.drain();
  stage.connect("beta", stage.beta);
  auto asked = stage.asks(1);
  for (int i = 0; i < 2; ++i) {
    stage.connect("beta", stage.beta);
    CHECK(asked->open());
  }
  stage.connect("beta", stage.beta);
  CHECK(asked->code() == errc::draining);
  CHECK(test::on_the_books(stage.here) == 0);
}

TEST_CASE("a node that says that it drains answers what it has",
          "[gate][peer][drain]") {
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  auto kept =
    stage.alice.asks<int>(stage.here.handle(), test::keep_atom::value, 1);
  stage.connect("gamma", stage.gamma);
  stage.here.peer_drains("beta");
  for (int i = 0; i < 20; ++i)
    CHECK(stage.asks(i)->value == i);
  CHECK(stage.room("beta").handled == std::vector{1});
  CHECK(stage.here.status().peers_up == 1);
  stage.deliver("beta", 0, 7);
  CHECK(kept->value == 7);
  stage.cut("beta");
  // It comes back as a new start.
  stage.connect("beta", stage.beta);
  CHECK(stage.here.status().peers_up == 2);
}

TEST_CASE("a node that drains and is lost leaves nothing unanswered",
          "[gate][peer][drain]") {
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  auto kept =
    stage.alice.asks<int>(stage.here.handle(), test::keep_atom::value, 1);
  stage.here.peer_drains("beta");
  stage.cut("beta");
  CHECK(kept->code() == errc::unreachable);
  CHECK(test::on_the_books(stage.here) == 0);
}

TEST_CASE("requests wait for the only node that offers a service to come back",
          "[gate][peer][outlook]") {
  cluster_stage stage;
  stage.connect("beta", stage.beta);
  stage.cut("beta");
  auto asked = stage.asks(1);
  CHECK(asked->open());
  CHECK(stage.here.status().state == service_state::restarting);
  SECTION("it does") {
    stage.rig.advance(5s);
    stage.connect("beta", stage.beta);
    CHECK(asked->value == 1);
  }
  SECTION("it does not") {
    stage.rig.advance(9s);
    auto late = stage.asks(2);
    CHECK(late->open());
    stage.rig.advance(2s);
    CHECK(asked->code() == errc::unreachable);
    CHECK(stage.here.status().state == service_state::unreachable);
    CHECK(stage.asks(3)->code() == errc::unreachable);
    stage.rig.advance(9s);
    CHECK(late->code() == errc::unreachable);
  }
  CHECK(test::on_the_books(stage.here) == 0);
}

TEST_CASE("what a peer sent does not wait for other nodes",
          "[gate][peer][outlook]") {
  cluster_stage stage;
  auto& there = stage.gate("there", {}, 1);
  there.peer_up("gamma",
                caf::actor_cast<caf::strong_actor_ptr>(stage.gamma.handle()));
  stage.here.peer_up("there",
                     caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
  stage.rig.run();
  auto asked = stage.asks(1);
  CHECK(asked->open());
  there.peer_down("gamma");
  stage.change(there, 0, child_state::failed, 1);
  CHECK(asked->code() == errc::service_failed);
}

TEST_CASE("a name that no node knows is answered so, with the nearest",
          "[gate][peer][outlook]") {
  gate_stage stage;
  auto& here = stage.gate("ecko");
  here.expect_peers();
  auto asked = stage.ask(here.handle(), 1);
  CHECK(asked->open());
  here.offered_nowhere("echo");
  here.peers_told();
  stage.rig.run();
  CHECK(asked->code() == errc::no_such_service);
  CHECK(describe(asked->error)
        == "ecko: no node offers a service of that name; the nearest name is "
           "echo");
  SECTION("until one offers it, which may be lost again") {
    auto& there = stage.work("there");
    here.peer_up("beta",
                 caf::actor_cast<caf::strong_actor_ptr>(there.handle()));
    stage.rig.run();
    CHECK(stage.ask(here.handle(), 2)->value == 2);
    here.peer_down("beta");
    stage.rig.advance(11s);
    CHECK(stage.ask(here.handle(), 3)->code() == errc::unreachable);
  }
}
