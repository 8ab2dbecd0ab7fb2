// What nodes make of each other over real sockets: states, addresses that are
// kept, a second opinion before an outage, and services that are down
// elsewhere.
#include "runtime/cluster/island.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/cluster/detail/peer_file.hpp>

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using bulwark::event_kind;
using bulwark::member_state;
using namespace std::chrono_literals;
using test::island;

namespace {

/// Nothing: it is not known.
std::optional<member_state> state_at(const island& where,
                                     const std::string& node) {
  for (const auto& each : where.links().members())
    if (each.node == node)
      return each.state;
  return std::nullopt;
}

void await_state(const island& where, const std::string& node,
                 member_state state) {
  test::await(node + " is " + to_string(state),
              [&] { return state_at(where, node) == state; });
}

/// A node that is not heard is suspect after about half a second.
const bulwark::noticing_options quick{.beat = 100ms, .pause = 300ms};

/// Nothing passes between two nodes over the connections that they have.
void mute(island& one, uint16_t port_of_other) {
  for (const auto& each : one.wires().connections())
    if (port_of_other == 0 || each->remote.port == port_of_other)
      one.wires().set_faults(each, {.deaf = true, .mute = true});
}

} // namespace

SCENARIO("a node shows what the others are", "[.][cluster][members]") {
  island alpha{{.name = "alpha"}};
  auto beta = std::make_unique<island>(
    island::settings{.name = "beta", .join = {alpha.address()}});
  await_state(alpha, "beta", member_state::up);
  await_state(*beta, "alpha", member_state::up);
  auto all = alpha.links().members();
  REQUIRE(all.size() == 1);
  CHECK(all[0].boot == 1);
  CHECK(all[0].address == to_string(beta->address()));
  beta->drain();
  await_state(alpha, "beta", member_state::leaving);
  beta = nullptr;
  await_state(alpha, "beta", member_state::left);
  alpha.await_event(event_kind::node_left, "node/beta");
  CHECK(alpha.count(event_kind::member_changed) == 1);
  CHECK(alpha.count(event_kind::node_lost) == 0);
}

SCENARIO("a node finds those that it has met, whoever it is told to join",
         "[cluster][members]") {
  test::temp_folder folder;
  auto kept = folder.path() / "data" / "beta.peers";
  island alpha{{.name = "alpha"}};
  {
    island beta{{.name = "beta", .join = {alpha.address()}, .kept = kept}};
    await_state(beta, "alpha", member_state::up);
    await_state(alpha, "beta", member_state::up);
  }
  await_state(alpha, "beta", member_state::left);
  SECTION("by its file") {
    island again{{.name = "beta", .boot = 2, .kept = kept}};
    await_state(again, "alpha", member_state::up);
    CHECK(again.count(event_kind::member_changed) == 1);
  }
  SECTION("what cannot be read is told, and is no end") {
    std::ofstream{kept} << "bulwark peers 1\nalpha";
    island again{
      {.name = "beta", .boot = 2, .join = {alpha.address()}, .kept = kept}};
    auto told = again.await_event(event_kind::join_failed, "node/beta");
    CHECK_THAT(told.reason, Catch::Contains("beta.peers cannot be read"));
    await_state(again, "alpha", member_state::up);
    std::string complaint;
    bulwark::detail::peer_file file{kept};
    test::await("it is whole again", [&] {
      complaint.clear();
      return file.read(complaint).size() == 1;
    });
  }
}

SCENARIO("among four nodes two that do not hear each other lose nobody, and "
         "find each other again",
         "[.][cluster][members]") {
  island alpha{{.name = "alpha", .noticing = quick}};
  island beta{{.name = "beta", .join = {alpha.address()}, .noticing = quick}};
  island gamma{{.name = "gamma", .join = {alpha.address()}, .noticing = quick}};
  island delta{{.name = "delta", .join = {alpha.address()}, .noticing = quick}};
  const std::vector<island*> all{&alpha, &beta, &gamma, &delta};
  for (auto* each : all)
    test::await("all are up", [&] {
      auto others = each->links().members();
      return others.size() == 3
             && std::all_of(others.begin(), others.end(), [](auto& x) {
                  return x.state == member_state::up;
                });
    });
  auto joined = alpha.count(event_kind::node_joined);
  mute(beta, alpha.address().port);
  test::await("alpha met beta once more",
              [&] { return alpha.count(event_kind::node_joined) > joined; });
  await_state(alpha, "beta", member_state::up);
  await_state(beta, "alpha", member_state::up);
  for (auto* each : all)
    CHECK(each->count(event_kind::node_lost) == 0);
  CHECK(alpha.count(event_kind::member_changed) >= 2);
}

SCENARIO("a node on which a service is down does not count as up for it",
         "[cluster][members]") {
  auto fails = [](caf::event_based_actor*) -> caf::behavior {
    throw std::runtime_error{"no disk"};
  };
  island beta{{.name = "beta",
               .services = {"users"},
               .others = {{"orders", bulwark::make_replica_factory(fails)}}}};
  island alpha{{.name = "alpha", .join = {beta.address()}}};
  auto orders = alpha.gate("orders");
  auto users = alpha.gate("users");
  test::await("users is up", [&] { return users.status().peers_up == 1; });
  test::await("orders is known to be down",
              [&] { return orders.status().peers_up == 0; });
  CHECK(orders.status().state != bulwark::service_state::up);
  CHECK(alpha.ask("users", "one") == "users one");
}
