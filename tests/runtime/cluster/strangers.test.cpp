// Every kind of message, to every actor of a node, by a client on another
// node that is no peer: over a real connection, and so on real threads.

#include "actors/strangers/messages.hpp"
#include "runtime/cluster/island.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/pool/thread_pool.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/io/middleman.hpp>
#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::island;

namespace {

/// Takes everything, and does nothing.
caf::behavior idle(caf::event_based_actor* self) {
  self->set_default_handler(
    [](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
      return caf::message{};
    });
  self->set_error_handler([](caf::error&) {});
  return {[](caf::unit_t) {}};
}

template <class Answer, class Question>
Answer ask(caf::scoped_actor& self, const caf::actor& who, Question what) {
  Answer result;
  self->request(who, 10s, std::move(what))
    .receive([&](Answer& x) { result = std::move(x); },
             [](const caf::error& e) { FAIL(describe(e)); });
  return result;
}

/// A node with a peer, and one whose permits are at stake.
struct scene {
  island node{{.name = "alpha", .services = {"orders"}}};
  island peer{{.name = "beta", .join = {node.address()}, .services = {"far"}}};
  caf::actor_system& sys = node.system();
  bulkhead_manager manager{sys, {.now = [] { return wall_time{}; }}};
  bulwark::bulkhead db{sys, "db", {.capacity = 3}};
  cpu_quota quota{sys, "cpu", {.quota = 50ms, .period = 100ms}};
  dead_letter_actor letters =
    keep_dead_letters(sys, {.now = [] { return wall_time{}; }, .events = {}});
  thread_pool pool{sys, {.name = "web"}};
  caf::scoped_actor self{sys};
  permit mine;

  scene() {
    node.await_event(event_kind::node_joined, "node/beta");
    REQUIRE_FALSE(manager.add(db));
    mine = ask<permit>(self, db.handle(), acquire_permits{2});
    ask<service_allocation>(self, manager.handle(),
                            allocate_resources{"orders", {{"db", 1}}, true});
  }

  ~scene() {
    db.stop();
    quota.stop();
    manager.stop();
    pool.stop();
    bulwark::stop(letters.handle);
  }

  std::vector<std::string> state() {
    std::vector<std::string> result{
      "use " + std::to_string(manager.stats("db")->current_usage),
      "allocations "
        + caf::deep_to_string(manager.health().service_allocations)};
    for (auto& each :
         ask<child_list>(self, node.supervisor(), which_children{}).children)
      result.push_back(each.id + " " + std::to_string(each.incarnation));
    auto known = ask<recent_events>(self, node.monitor(),
                                    recent_events_request{1000, "beta"});
    for (auto& each : known.events)
      if (each.component == "/root/forged")
        result.emplace_back("forged event");
    return result;
  }
};

bool of_a_stream(const test::stranger_message& what) {
  return what.mid.is_stream_message()
         || what.content.match_elements<caf::upstream_msg>()
         || what.content.match_elements<caf::downstream_msg>();
}

/// Sends all, and waits until all has arrived.
void attack(caf::actor_system& enemy, const caf::actor& victim,
            const scene& it) {
  auto mallory = enemy.spawn(idle);
  auto me = caf::actor_cast<caf::strong_actor_ptr>(mallory);
  auto owner = it.self->address();
  for (auto& each : test::stranger_messages(
         {victim.address(), owner, owner, me, it.mine.id, "beta", 1}, true)) {
    // What travels no connection: see wire_attack.test.cpp.
    if (of_a_stream(each))
      continue;
    victim->enqueue(me, each.mid, each.content, nullptr);
    victim->enqueue(nullptr, each.mid, each.content, nullptr);
    if (!each.mid.is_response())
      victim->enqueue(me, caf::make_message_id(77), each.content, nullptr);
  }
  caf::scoped_actor self{enemy};
  self->request(victim, 10s, std::string{"last"})
    .receive(
      [](const caf::message&) {},
      [](const caf::error& e) { CHECK(e != caf::sec::request_timeout); });
  caf::anon_send_exit(mallory, caf::exit_reason::kill);
}

} // namespace

SCENARIO("nothing that a stranger on another node sends changes what is not "
         "his",
         "[cluster][strangers]") {
  scene it;
  bulwark::detail::system_config config;
  caf::actor_system enemy{config};
  auto link = enemy.middleman().remote_actor(it.node.address().host,
                                             it.node.address().port);
  REQUIRE(link);
  auto before = it.state();
  auto check = [&](const std::string& name, const caf::actor& victim) {
    INFO(name);
    attack(enemy, victim, it);
    // The permits that he was given come back when he has ended.
    test::await(name + " is as it was", [&] { return it.state() == before; });
  };
  check("link", *link);
  const std::pair<const char*, caf::actor> victims[] = {
    {"gate", it.node.gate("orders").handle()},
    {"supervisor", it.node.supervisor()},
    {"monitor", it.node.monitor()},
    {"bulkhead", it.db.handle()},
    {"manager", it.manager.handle()},
    {"cpu quota", it.quota.handle()},
    {"dead letters", it.letters.handle},
    {"thread pool", it.pool.handle()}};
  for (auto& [name, who] : victims) {
    auto far =
      enemy.middleman().remote_actor("127.0.0.1", it.node.listen_for(who));
    REQUIRE(far);
    check(name, *far);
  }
  CHECK(it.node.ask("orders", "one") == "orders one");
  // And its monitor is not deaf to that of its peer.
  auto failures = [&] {
    auto known = ask<recent_events>(it.self, it.node.monitor(),
                                    recent_events_request{1000, "beta"});
    return std::count_if(
      known.events.begin(), known.events.end(),
      [](auto& each) { return each.kind == event_kind::child_failed; });
  };
  CHECK(failures() == 0);
  it.node.ask("far", "crash");
  test::await("the failure is known", [&] { return failures() == 1; });
}
