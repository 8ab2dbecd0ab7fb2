// A node warns of what it foresees: real threads, real figures, a sample every
// 20 ms; nothing is timed.

#include "runtime/node/started_node.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/node/detail/resource_figures.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

struct warned_node {
  explicit warned_node(bool warnings = true) : core{given(warnings), [] {}} {
    for (int i = 0; i < silos; ++i)
      it.bulkhead(silo(i), {.capacity = 40});
    it.service("fragile",
               [](caf::event_based_actor*) -> caf::behavior {
                 return {[](int) -> int { throw std::runtime_error{"no"}; }};
               })
      .restart({.initial = 20ms, .multiplier = 1, .max = 20ms});
    core.start();
  }

  ~warned_node() { core.stop(); }

  static given_options given(bool warnings) {
    auto result = test::node_by_hand::quiet();
    result.node.warnings = warnings;
    result.node.warning_sample = 20ms;
    return result;
  }

  std::vector<event> told(event_kind kind) {
    caf::scoped_actor self{it.system()};
    std::vector<event> result;
    self->request(it.monitor(), 20s, recent_events_request{1'000, ""})
      .receive(
        [&](const recent_events& x) {
          for (const auto& each : x.events)
            if (each.kind == kind)
              result.push_back(each);
        },
        [](const caf::error& x) { FAIL(to_string(x)); });
    return result;
  }

  static std::string silo(int i) { return "silo" + std::to_string(i); }

  static void keep_on(duration time) {
    for (auto end = steady::now() + time; steady::now() < end;)
      std::this_thread::yield();
  }

  /// One permit each 50 ms until there is none, which lasts for a while.
  void fill(int which) {
    caf::scoped_actor holder{it.system()};
    auto room = it.find_bulkhead(silo(which)).handle();
    for (int i = 0; i < 40; ++i) {
      holder->request(room, 20s, acquire_permits{})
        .receive([](const permit&) {},
                 [](const caf::error& x) { FAIL(to_string(x)); });
      keep_on(50ms);
    }
    keep_on(500ms);
  }

  static constexpr int silos = 10;

  detail::node_core core;
  bulwark::node it{core};
};

} // namespace

TEST_CASE("a node warns of a bulkhead that fills, and tells that it was right",
          "[node][warning][threads]") {
  warned_node on;
  std::vector<event> settled;
  warned_node::keep_on(1s);
  // Another, where a busy machine made no even steps of it.
  for (int i = 0; i < warned_node::silos && settled.empty(); ++i) {
    on.fill(i);
    settled = on.told(event_kind::warning_settled);
  }
  auto raised = on.told(event_kind::warning_raised);
  REQUIRE_FALSE(raised.empty());
  CHECK_THAT(raised[0].component, Catch::StartsWith("bulkhead/silo"));
  CHECK(find_metadata(raised[0], "kind") == "exhaustion");
  REQUIRE_FALSE(settled.empty());
}

TEST_CASE("a node warns of a replica that is about to pass its limit",
          "[node][warning][threads]") {
  warned_node on;
  caf::scoped_actor self{on.it.system()};
  for (int i = 0; i < 6; ++i)
    self->request(on.it.gate("fragile"), 20s, 1)
      .receive([](int) {}, [](const caf::error&) {});
  auto end = steady::now() + 30s;
  while (on.told(event_kind::warning_raised).empty() && steady::now() < end)
    std::this_thread::yield();
  auto raised = on.told(event_kind::warning_raised);
  REQUIRE_FALSE(raised.empty());
  CHECK(raised[0].component == "/root/fragile/fragile#1");
  CHECK(find_metadata(raised[0], "kind") == "restart_limit");
}

TEST_CASE("a node that is told not to warn does not", "[node][warning]") {
  warned_node on{false};
  on.fill(0);
  CHECK(on.told(event_kind::warning_raised).empty());
}

TEST_CASE("the figures of a node are percents of their bounds", "[warning]") {
  bulkhead_stats web;
  web.name = "web";
  web.max_capacity = 20;
  web.current_usage = 5;
  gate_status orders;
  orders.service = "orders";
  orders.waiting = 50;
  auto other = orders;
  other.service = "elsewhere";
  detail::resource_figures figures{
    {.node = "alpha",
     .bulkheads = [&] { return std::vector{web}; },
     .services =
       [&] {
         return std::vector{orders, other};
       },
     .dead_letters_percent = [] { return 12.5; },
     .stashes = {{"orders", 200}},
     .journal = "/"}};
  std::map<std::string, double> told;
  for (const auto& each : figures.read()) {
    CHECK_FALSE(each.advice.empty());
    told[each.subject] = each.percent;
  }
  CHECK(told.size() == 6);
  CHECK(told["bulkhead/web"] == 25);
  CHECK(told["/root/orders/stash"] == 25);
  CHECK(told["/root/elsewhere/stash"] == 5);
  CHECK(told["/dead_letters"] == 12.5);
  for (const auto* each : {"node/alpha/memory", "node/alpha/disk"}) {
    CAPTURE(each);
    CHECK(told[each] > 0);
    CHECK(told[each] <= 100);
  }
}
