// A client on another node that has the handles of gate, supervisor, monitor
// and link, and means harm. All of them outlive it and go on serving.

#include "runtime/cluster/island.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/cluster/detail/hello.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

using bulwark::event_kind;
using test::island;

namespace {

/// Fetches `target` of a node into another system over the network.
caf::actor remote(island& from, caf::actor_system& to,
                  const caf::actor& target) {
  auto handle =
    to.middleman().remote_actor("127.0.0.1", from.listen_for(target));
  REQUIRE(handle);
  return *handle;
}

void attack(caf::actor_system& sys, const caf::actor& target) {
  caf::scoped_actor self{sys};
  auto address = target.address();
  self->send_exit(target, caf::exit_reason::kill);
  caf::anon_send(target, caf::exit_msg{address, caf::exit_reason::kill});
  caf::anon_send(target, caf::exit_msg{address, caf::sec::runtime_error});
  caf::anon_send(target, caf::down_msg{address, caf::exit_reason::kill});
  caf::anon_send(target, caf::make_error(caf::sec::runtime_error));
  caf::anon_send(target, bulwark::hello{});
  caf::anon_send(target, bulwark::peer_events{"", 0, 1, {bulwark::event{}}});
  caf::anon_send(target, bulwark::envelope{-1, {}, nullptr, caf::message{}});
  caf::anon_send(target, int8_t{1}, std::string(100'000, 'x'));
  self->request(target, caf::infinite, int8_t{1}, 2.5)
    .receive([](const caf::message&) {}, [](const caf::error&) {});
  self->spawn([target](caf::event_based_actor* linked) {
    linked->link_to(target);
    linked->quit(caf::exit_reason::kill);
  });
}

} // namespace

SCENARIO("nothing that a remote client sends ends what holds a node up",
         "[cluster][hostile]") {
  island node{{.name = "alpha", .services = {"orders"}}};
  bulwark::detail::system_config config;
  caf::actor_system enemy{config};
  auto gate = node.gate("orders");
  for (const auto& target : {gate.handle(), node.supervisor(), node.monitor()})
    attack(enemy, remote(node, enemy, target));
  auto link =
    enemy.middleman().remote_actor(node.address().host, node.address().port);
  REQUIRE(link);
  attack(enemy, *link);

  CHECK(node.ask("orders", "one") == "orders one");
  CHECK(node.ask("orders", "crash") == "std::runtime_error: asked to crash");
  CHECK(node.ask("orders", "two") == "orders two");
  caf::scoped_actor self{node.system()};
  self
    ->request(node.supervisor(), caf::infinite, bulwark::child_counts_request{})
    .receive([](const bulwark::child_counts& it) { CHECK(it.active == 1); },
             [](const caf::error& err) { FAIL(bulwark::describe(err)); });
  self->request(node.monitor(), caf::infinite, bulwark::event_counts_request{})
    .receive([](const bulwark::event_counts& it) { CHECK(it.events > 0); },
             [](const caf::error& err) { FAIL(bulwark::describe(err)); });
  island friendly{{.name = "beta", .join = {node.address()}}};
  friendly.await_event(event_kind::node_joined, "node/alpha");
}

SCENARIO("a greeting with nonsense in it is refused with a reason",
         "[cluster][hostile]") {
  island node{{.name = "alpha"}};
  bulwark::detail::system_config config;
  caf::actor_system other{config};
  auto link =
    other.middleman().remote_actor(node.address().host, node.address().port);
  REQUIRE(link);
  caf::scoped_actor self{other};
  auto refusal = [&](bulwark::hello greeting) {
    std::string result;
    self->request(*link, caf::infinite, std::move(greeting))
      .receive([&](const bulwark::hello&) { result = "accepted"; },
               [&](const caf::error& e) { result = bulwark::describe(e); });
    return result;
  };
  bulwark::hello good;
  good.cluster = "default";
  good.node = "beta";
  good.link = good.monitor = caf::actor_cast<caf::strong_actor_ptr>(self);
  using Catch::Contains;
  auto bad = good;
  bad.protocol = bulwark::hello::protocol_now + 1;
  CHECK_THAT(refusal(bad),
             Contains("speaks protocol " + std::to_string(bad.protocol)));
  bad = good;
  bad.cluster = "other";
  CHECK_THAT(refusal(bad),
             Contains("its cluster is other, this node's is default"));
  bad.cluster = "\n";
  CHECK_THAT(refusal(bad), Contains("the name of its cluster"));
  bad = good;
  bad.node = "not a name";
  CHECK_THAT(refusal(bad), Contains("not a name"));
  bad = good;
  bad.node = "alpha";
  CHECK_THAT(refusal(bad), Contains("names must differ"));
  bad = good;
  bad.monitor = nullptr;
  CHECK_THAT(refusal(bad), Contains("no monitor"));
  bad = good;
  bad.voters = {"beta"};
  CHECK_THAT(refusal(bad),
             Contains("its voters are beta, this node's are none; "
                      "--voters must be the same on all nodes"));
  bad.voters.resize(100);
  CHECK_THAT(refusal(bad), Contains("its voters are 100 nodes"));
  bad = good;
  bad.offers.push_back({"orders", nullptr});
  CHECK_THAT(refusal(bad), Contains("orders has no gate"));
  bad = good;
  bad.addresses = {"nowhere"};
  CHECK_THAT(refusal(bad), Contains("HOST:PORT"));
  CHECK(refusal(good) == "accepted");
}
