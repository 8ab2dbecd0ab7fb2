#include "runtime/cluster/island.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <memory>

using bulwark::event_kind;
using test::island;
using namespace std::chrono_literals;

SCENARIO("a service that lives elsewhere is called like a local one",
         "[cluster]") {
  island beta{{.name = "beta", .services = {"orders"}}};
  island alpha{{.name = "alpha", .join = {beta.address()}}};
  auto gate = alpha.gate("orders");
  alpha.await_event(event_kind::node_joined, "node/beta");
  beta.await_event(event_kind::node_joined, "node/alpha");
  test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  CHECK(alpha.ask("orders", "one") == "orders one");
  CHECK(alpha.ask("orders", "crash") == "std::runtime_error: asked to crash");
  CHECK(alpha.ask("orders", "two") == "orders two");
  CHECK(gate.status().in_flight == 0);
}

SCENARIO("a node that leaves and comes back is found again", "[cluster]") {
  auto beta = std::make_unique<island>(
    island::settings{.name = "beta", .services = {"orders"}});
  island alpha{{.name = "alpha", .services = {"users"}}};
  island gamma{{.name = "gamma", .join = {alpha.address(), beta->address()}}};
  auto gate = gamma.gate("orders");
  test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  beta = nullptr;
  gamma.await_event(event_kind::node_left, "node/beta");
  test::await("orders is gone", [&] { return gate.status().peers_up == 0; });
  CHECK(gamma.ask("users", "two") == "users two");
  caf::scoped_actor self{gamma.system()};
  auto waiting =
    self->request(gate.handle(), caf::infinite, std::string{"one"});
  test::await("it waits", [&] { return gate.status().waiting == 1; });
  island again{{.name = "beta",
                .boot = 2,
                .join = {alpha.address()},
                .services = {"orders"}}};
  test::await("orders is back", [&] { return gate.status().peers_up == 1; });
  std::move(waiting).receive(
    [](const std::string& answer) { CHECK(answer == "orders one"); },
    [](const caf::error& err) { FAIL(bulwark::describe(err)); });
  CHECK(gamma.ask("orders", "three") == "orders three");
}

SCENARIO("nodes hear of each other through a third one", "[cluster]") {
  island alpha{{.name = "alpha", .services = {"users"}}};
  island beta{
    {.name = "beta", .join = {alpha.address()}, .services = {"orders"}}};
  island gamma{{.name = "gamma", .join = {alpha.address()}}};
  gamma.await_event(event_kind::node_joined, "node/beta");
  auto gate = gamma.gate("orders");
  test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  CHECK(gamma.ask("orders", "one") == "orders one");
}

SCENARIO("nodes hear what a third one is to be called by, not where it listens",
         "[cluster]") {
  island alpha{{.name = "alpha"}};
  // Nobody listens there, which shows that it was dialled.
  island beta{{.name = "beta",
               .join = {alpha.address()},
               .advertise = bulwark::host_port{"127.0.0.2", 0}}};
  alpha.await_event(event_kind::node_joined, "node/beta");
  island gamma{{.name = "gamma", .join = {alpha.address()}}};
  auto failed = gamma.await_event(event_kind::join_failed, "node/gamma");
  REQUIRE(failed.metadata.size() == 1);
  CHECK(failed.metadata[0].second
        == "127.0.0.2:" + std::to_string(beta.address().port));
  CHECK(failed.reason == "Connection refused");
}

SCENARIO("two nodes of one name do not talk", "[cluster]") {
  island alpha{{.name = "alpha", .services = {"users"}}};
  island twin{{.name = "alpha", .boot = 2, .join = {alpha.address()}}};
  twin.await_event(event_kind::join_failed, "node/alpha");
  alpha.await_event(event_kind::peer_refused, "node/alpha");
  CHECK(alpha.count(event_kind::node_joined) == 0);
  CHECK(alpha.ask("users", "one") == "users one");
}

SCENARIO("nodes of two clusters do not talk, and both say so", "[cluster]") {
  island alpha{{.name = "alpha", .services = {"users"}}};
  island stray{{.name = "beta", .cluster = "shop", .join = {alpha.address()}}};
  auto failed = stray.await_event(event_kind::join_failed, "node/beta");
  CHECK_THAT(failed.reason,
             Catch::Contains("alpha refuses beta: its cluster is shop, this "
                             "node's is default"));
  auto told = alpha.await_event(event_kind::peer_refused, "node/alpha");
  CHECK(told.reason == "its cluster is shop, this node's is default");
  CHECK(alpha.count(event_kind::node_joined) == 0);
  CHECK(stray.count(event_kind::node_joined) == 0);
}

SCENARIO("events of one node reach the monitor of another", "[cluster]") {
  island beta{{.name = "beta", .services = {"orders"}}};
  island alpha{{.name = "alpha", .join = {beta.address()}}};
  alpha.await_event(event_kind::node_joined, "node/beta");
  CHECK(beta.ask("orders", "crash") == "std::runtime_error: asked to crash");
  caf::scoped_actor self{alpha.system()};
  test::await("beta's crash is known at alpha", [&] {
    size_t seen = 0;
    self
      ->request(alpha.monitor(), caf::infinite,
                bulwark::recent_events_request{100, "beta"})
      .receive(
        [&](const bulwark::recent_events& what) {
          for (const auto& each : what.events)
            seen += each.kind == event_kind::child_failed;
        },
        [&](const caf::error& err) { FAIL(bulwark::describe(err)); });
    return seen == 1;
  });
}

TEST_CASE("an address in use is refused by name", "[cluster]") {
  island alpha{{.name = "alpha"}};
  bulwark::cluster_options options;
  options.node = "beta";
  options.listen = alpha.address();
  options.monitor = alpha.monitor();
  CHECK_THROWS_WITH(
    bulwark::cluster(alpha.system(), options),
    Catch::Contains("cannot listen on " + to_string(alpha.address())));
}

SCENARIO("nodes that name other voters, or another lease, refuse each other",
         "[cluster][roles]") {
  const std::vector<std::string> three{"alpha", "beta", "gamma"};
  island alpha{{.name = "alpha", .voters = three}};
  auto refused = [&](const std::vector<std::string>& voters,
                     bulwark::duration lease, const std::string& why) {
    island beta{{.name = "beta",
                 .join = {alpha.address()},
                 .voters = voters,
                 .lease = lease}};
    auto there = beta.await_event(event_kind::join_failed, "node/beta");
    CHECK_THAT(there.reason, Catch::Contains(why));
    auto here = alpha.await_event(event_kind::peer_refused, "node/alpha");
    CHECK_THAT(here.reason, Catch::Contains(why));
  };
  SECTION("voters") {
    refused({"beta"}, 6s,
            "its voters are beta, this node's are alpha,beta,gamma; --voters "
            "must be the same on all nodes");
  }
  SECTION("none") {
    refused({}, 6s, "its voters are none, this node's are alpha,beta,gamma");
  }
  SECTION("lease") {
    refused(three, 5s, "its lease is 5s, this node's is 6s");
  }
  SECTION("their order does not matter") {
    island beta{{.name = "beta",
                 .join = {alpha.address()},
                 .voters = {"gamma", "beta", "alpha"}}};
    beta.await_event(event_kind::node_joined, "node/alpha");
  }
}
