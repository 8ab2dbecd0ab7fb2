// Two nodes of one name: the one that has it keeps it as long as it answers.
// The later start won once, so that a wrong --name took a running node out of
// its cluster.
#include "runtime/cluster/island.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/cluster/detail/link.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using test::island;

namespace {

/// A node of which only the link is real, and nodes that say hello to it.
struct greeted_link {
  test::deterministic_system rig;
  caf::actor monitor = rig.system().spawn(silent);
  caf::actor link;
  std::vector<std::string> outcomes;
  std::vector<caf::actor> peers;

  static caf::behavior silent(caf::event_based_actor* self) {
    self->set_default_handler(caf::drop);
    return {[](int) {}};
  }

  /// Hears the question and says nothing.
  static caf::behavior stuck(caf::event_based_actor* self) {
    return {[self](const peer_notice&) -> caf::result<void> {
      static_cast<void>(self->make_response_promise());
      return caf::delegated<void>{};
    }};
  }

  static caf::behavior present(caf::event_based_actor*) {
    return {[](const peer_notice&) {}};
  }

  greeted_link() {
    cluster_options options;
    options.node = "alpha";
    options.monitor = monitor;
    link = rig.system().spawn<detail::link>(options, nullptr);
    caf::anon_send(link, detail::link_start{});
    rig.run();
  }

  ~greeted_link() {
    bulwark::stop(link);
    for (const auto& each : peers)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    caf::anon_send_exit(monitor, caf::exit_reason::kill);
    rig.run();
  }

  /// Says hello as that start of beta. What came of it is in `outcomes`.
  caf::actor meet(uint64_t boot, bool answers) {
    auto peer =
      answers ? rig.system().spawn(present) : rig.system().spawn(silent);
    peers.push_back(peer);
    hello greeting;
    greeting.cluster = "default";
    greeting.node = "beta";
    greeting.boot = boot;
    greeting.link = caf::actor_cast<caf::strong_actor_ptr>(peer);
    greeting.monitor = caf::actor_cast<caf::strong_actor_ptr>(monitor);
    rig.system().spawn([=, this](caf::event_based_actor* self) {
      auto start = std::to_string(boot);
      self->request(link, caf::infinite, greeting)
        .then([=, this](const hello&) { outcomes.push_back(start + " in"); },
              [=, this](const caf::error& why) {
                outcomes.push_back(start + " " + describe(why));
              });
    });
    rig.run();
    return peer;
  }
};

const std::string taken =
  "alpha refuses beta: the name beta is taken by another node of that name";

} // namespace

TEST_CASE("a newcomer of a name is refused while its holder answers",
          "[cluster][names]") {
  greeted_link it;
  auto holder = it.meet(1, true);
  it.meet(2, true);
  it.rig.advance(1s);
  it.meet(3, true);
  CHECK(it.outcomes
        == std::vector<std::string>{"1 in", "2 " + taken, "3 " + taken});
  caf::anon_send_exit(holder, caf::exit_reason::kill);
  it.rig.run();
  it.meet(4, true);
  CHECK(it.outcomes.back() == "4 in");
}

TEST_CASE("a newcomer of a name has it when its holder does not answer",
          "[cluster][names]") {
  greeted_link it;
  it.meet(1, false);
  it.meet(2, true);
  it.rig.advance(cluster::notice_time);
  CHECK(it.outcomes == std::vector<std::string>{"1 in", "2 in"});
  // And keeps it, also from a start before.
  it.meet(1, true);
  it.meet(3, true);
  it.rig.advance(1s);
  CHECK(
    it.outcomes
    == std::vector<std::string>{"1 in", "2 in", "1 " + taken, "3 " + taken});
}

SCENARIO("a node whose name another one has is told so, and has it after that",
         "[cluster][names]") {
  island alpha{{.name = "alpha"}};
  auto old = std::make_unique<island>(
    island::settings{.name = "beta", .boot = 1, .join = {alpha.address()}});
  alpha.await_event(event_kind::node_joined, "node/beta");
  auto where = to_string(old->address());
  island fresh{{.name = "beta", .boot = 2, .join = {alpha.address()}}};
  auto told = fresh.await_event(event_kind::join_failed, "node/beta");
  CHECK(told.reason == taken + ", which listens on " + where);
  auto refused = alpha.await_event(event_kind::peer_refused, "node/alpha");
  CHECK(refused.reason
        == "the name beta is taken by another node of that name, which listens "
           "on "
             + where);
  CHECK(alpha.count(event_kind::node_joined) == 1);
  CHECK(old->count(event_kind::peer_refused) == 0);
  old = nullptr;
  fresh.await_event(event_kind::node_joined, "node/alpha");
}
