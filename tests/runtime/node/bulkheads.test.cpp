#include "runtime/node/started_node.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

// A node with compartments, as a program declares them. On real threads,
// because services that block have threads of their own; nothing is timed.

using namespace bulwark;
using namespace std::chrono_literals;

using namespace test;
using fixture = test::node_by_hand;

namespace {

/// Where those who work at the same time meet.
struct meeting {
  std::mutex lock;
  std::condition_variable changed;
  int inside = 0;
  int most = 0;
  bool go_on = false;

  void visit() {
    std::unique_lock guard{lock};
    most = std::max(most, ++inside);
    changed.notify_all();
    changed.wait_for(guard, 20s, [this] { return go_on; });
    --inside;
  }

  /// Returns how many have come within 20 s, at most `n`.
  int await(int n) {
    std::unique_lock guard{lock};
    changed.wait_for(guard, 20s, [&] { return inside >= n; });
    return inside;
  }

  void end() {
    std::lock_guard guard{lock};
    go_on = true;
    changed.notify_all();
  }
};

caf::behavior worker(caf::event_based_actor*, std::shared_ptr<meeting> where) {
  return {[=](int x) {
    where->visit();
    return x;
  }};
}

} // namespace

TEST_CASE_METHOD(fixture, "compartments are declared once and with sense",
                 "[node][bulkhead]") {
  it.bulkhead("db", {.capacity = 5});
  CHECK(complaint_of([&] { it.bulkhead("db", {}); })
        == "bulkhead db is declared twice; names must be unique");
  CHECK(
    complaint_of([&] { it.bulkhead("no spaces", {}); })
    == "bulkhead name is \"no spaces\"; it must be 1 to 64 letters, digits, "
       "'_' and '-', a letter first");
  CHECK(complaint_of([&] {
          it.bulkhead("web", {.capacity = 0});
        }).starts_with("bulkhead web: bulkhead.capacity is 0; it must be"));
  CHECK(complaint_of([&] {
          it.bulkhead("web", {.capacity = 3, .reserved_for_critical = 3});
        }).starts_with("bulkhead web: bulkhead.reserved_for_critical is 3;"));
  CHECK(
    complaint_of([&] { it.service("s", echo).bulkhead("db").bulkhead("web"); })
    == "service s: bulkhead is web; it is in db already");
  it.service("t", echo).bulkhead("cache");
  CHECK(complaint_of([&] { core.start(); })
        == "service t: bulkhead is \"cache\"; it must be declared on this node "
           "before; known here: db");
}

TEST_CASE_METHOD(fixture, "the manager knows all compartments of a node",
                 "[node][bulkhead]") {
  it.bulkhead("db", {.capacity = 5}).bulkhead("web", {.capacity = 7});
  it.service("orders", echo).bulkhead("db");
  it.service("users", echo).bulkhead("db");
  it.service("plain", echo);
  auto manager = it.bulkheads();
  CHECK(manager.health().total_bulkheads == 0);
  core.start();
  auto health = manager.health();
  CHECK(health.total_bulkheads == 2);
  CHECK(health.service_assignments
        == std::map<std::string, std::set<std::string>>{{"orders", {"db"}},
                                                        {"users", {"db"}}});
  CHECK(health.timestamp > wall_time{});
  CHECK(manager.find("web").core() == it.find_bulkhead("web").core());
  CHECK(manager.allocate("orders", {{"db", 5}}));
  caf::scoped_actor self{it.system()};
  auto code = errc{};
  self->request(it.gate("users"), 20s, 1)
    .receive([](int) {},
             [&](const caf::error& x) { code = code_of(x, errc{}); });
  CHECK(code == errc::bulkhead_full);
  // What is set aside for it is there for its requests.
  int answer = 0;
  self->request(it.gate("orders"), 20s, 2)
    .receive([&](int x) { answer = x; },
             [](const caf::error& x) { FAIL(describe(x)); });
  CHECK(answer == 2);
}

TEST_CASE_METHOD(fixture, "twenty threads work at the same time, and no more",
                 "[node][bulkhead][threads]") {
  auto where = std::make_shared<meeting>();
  it.bulkhead("web_threads", {.kind = bulkhead_kind::thread_pool,
                              .capacity = 20,
                              .queue = 100,
                              .queue_timeout = 1min});
  it.service("work", worker, where)
    .replicas(25)
    .blocking()
    .timeout(1min)
    .bulkhead("web_threads");
  core.start();
  caf::scoped_actor self{it.system()};
  std::vector<caf::actor> clients;
  for (int i = 0; i < 60; ++i)
    clients.push_back(self->spawn(
      [gate = it.gate("work"),
       to = caf::actor{self}](caf::event_based_actor* client, int number) {
        client->request(gate, caf::infinite, number)
          .then([=](int x) { client->send(to, x); },
                [=](caf::error& x) { client->send(to, describe(x)); });
      },
      i));
  CHECK(where->await(20) == 20);
  caf::scoped_actor other{it.system()};
  other
    ->request(it.find_bulkhead("web_threads").handle(), 20s,
              bulkhead_stats_request{})
    .receive(
      [](const bulkhead_stats& now) {
        CHECK(now.current_usage == 20);
        CHECK(now.kind == bulkhead_kind::thread_pool);
        CHECK(now.state == bulkhead_state::exhausted);
        CHECK(now.allocations == std::map<std::string, uint64_t>{{"work", 20}});
      },
      [](const caf::error& x) { FAIL(describe(x)); });
  where->end();
  int answers = 0;
  self->receive_for(answers, 60)([](int) {},
                                 [](const std::string& x) { FAIL(x); });
  CHECK(where->most == 20);
  clients.clear();
}

TEST_CASE_METHOD(fixture, "cpu quotas are declared once and with sense",
                 "[node][quota]") {
  it.cpu_quota("reports", {.quota = 20ms, .period = 100ms});
  CHECK(complaint_of([&] { it.cpu_quota("reports", {}); })
        == "cpu quota reports is declared twice; names must be unique");
  CHECK(complaint_of([&] {
          it.cpu_quota("web", {.quota = 0ms});
        }).starts_with("cpu quota web: cpu.quota is 0ms; it must be"));
  CHECK(complaint_of(
          [&] { it.service("s", echo).cpu_quota("reports").cpu_quota("web"); })
        == "service s: cpu quota is web; it is in reports already");
  it.service("t", echo).cpu_quota("cache");
  CHECK(complaint_of([&] { core.start(); })
        == "service t: cpu quota is \"cache\"; it must be declared on this "
           "node before; known here: reports");
}

TEST_CASE_METHOD(fixture, "a service may be in a bulkhead and in a cpu quota",
                 "[node][quota][threads]") {
  it.bulkhead("web", {.capacity = 5});
  it.cpu_quota("reports", {.quota = 20ms, .period = 100ms});
  it.service("s", echo).bulkhead("web").cpu_quota("reports");
  core.start();
  caf::scoped_actor self{it.system()};
  self->request(it.gate("s"), 20s, 1)
    .receive([](int x) { CHECK(x == 1); },
             [](const caf::error& x) { FAIL(describe(x)); });
  self
    ->request(it.find_cpu_quota("reports").handle(), 20s,
              cpu_quota_stats_request{})
    .receive(
      [](const cpu_quota_stats& now) {
        CHECK(now.name == "reports");
        CHECK(now.usage > 0s);
        CHECK(now.threads == 1);
      },
      [](const caf::error& x) { FAIL(describe(x)); });
}

TEST_CASE_METHOD(fixture, "the manager knows cpu quotas like other bulkheads",
                 "[node][quota][threads]") {
  it.bulkhead("web", {.capacity = 5});
  it.cpu_quota("reports", {.quota = 1ms, .period = 10ms});
  it.service("s", echo).bulkhead("web").cpu_quota("reports");
  core.start();
  caf::scoped_actor self{it.system()};
  auto all = it.bulkheads();
  // Until it is seen in one of the periods that are kept.
  auto seen = [&] {
    self->request(it.gate("s"), 20s, 1)
      .receive([](int) {}, [](const caf::error& x) { FAIL(describe(x)); });
    return all.stats("reports")->current_usage > 0;
  };
  for (int i = 0; i < 1'000'000 && !seen(); ++i)
    continue;
  auto now = all.health();
  CHECK(now.total_bulkheads == 2);
  REQUIRE(now.bulkhead_details.count("reports") == 1);
  const auto& quota = now.bulkhead_details.at("reports");
  CHECK(quota.kind == bulkhead_kind::cpu_quota);
  CHECK(quota.max_capacity == 1000);
  CHECK(quota.active_consumers == 1);
  CHECK(quota.usage.total_requests > 0);
  CHECK(now.average_utilization > 0);
  CHECK(now.service_assignments.at("s")
        == std::set<std::string>{"reports", "web"});
  auto refused = all.allocate("s", {{"reports", 1}, {"web", 1}});
  REQUIRE_FALSE(refused);
  CHECK(describe(refused.error())
        == "bulkhead is \"reports\"; it must be one whose permits can be "
           "allocated; this is a cpu quota");
  CHECK(all.stats("web")->current_usage == 0);
  self
    ->request(all.handle(), 20s, at_bulkhead{"reports"},
              cpu_quota_stats_request{})
    .receive([](const cpu_quota_stats& x) { CHECK(x.name == "reports"); },
             [](const caf::error& x) { FAIL(describe(x)); });
  self
    ->request(all.handle(), 20s, at_bulkhead{"reports"}, resize_bulkhead{40, 0})
    .receive(
      [](caf::unit_t) { FAIL("resized"); },
      [](const caf::error& x) { CHECK(x == caf::sec::unexpected_message); });
}

TEST_CASE_METHOD(fixture, "a cpu quota and a bulkhead have not the same name",
                 "[node][quota]") {
  it.bulkhead("web", {.capacity = 5});
  it.cpu_quota("web", {});
  CHECK(complaint_of([&] { core.start(); })
        == "bulkhead name is \"web\"; it must be new; there is a bulkhead of "
           "that name");
}
