#include "actors/supervision_stage.hpp"

#include <bulwark/detail/control.hpp>
#include <bulwark/detail/monitor_protocol.hpp>
#include <bulwark/event_check.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

namespace {

event reported(const std::string& component,
               event_kind kind = event_kind::failure_reported) {
  event result;
  result.kind = kind;
  result.component = component;
  return result;
}

recent_events recent(supervision_stage& stage, uint64_t max,
                     const std::string& node = "") {
  return stage.ask<recent_events>(stage.monitor.handle,
                                  recent_events_request{max, node});
}

event_counts counts(supervision_stage& stage) {
  return stage.ask<event_counts>(stage.monitor.handle, event_counts_request{});
}

/// Events of node beta as its monitor would send them.
peer_events from_beta(uint64_t first, uint64_t last, uint64_t boot = 1) {
  peer_events result{"beta", boot, {}};
  for (auto i = first; i <= last; ++i) {
    auto what = reported("/root/beta");
    what.node = "beta";
    what.boot = boot;
    what.sequence = i;
    result.events.push_back(what);
  }
  return result;
}

/// Sends it as the monitor of that node, in that start; returns the number up
/// to which it arrived, or nothing if it was refused.
std::optional<uint64_t> send_as(supervision_stage& stage,
                                const std::string& node, uint64_t boot,
                                peer_events batch) {
  caf::scoped_actor self{stage.rig.system()};
  caf::anon_send(
    stage.monitor.handle,
    detail::add_peer_monitor{node, caf::actor_cast<caf::actor>(self), boot});
  auto asked =
    self->request(stage.monitor.handle, caf::infinite, std::move(batch));
  caf::anon_send(stage.monitor.handle, detail::remove_peer_monitor{node});
  stage.rig.run();
  std::optional<uint64_t> result;
  asked.receive([&](const peer_events_ack& x) { result = x.sequence; },
                [](const caf::error&) {});
  return result;
}

std::optional<uint64_t> send(supervision_stage& stage, peer_events batch) {
  auto boot = batch.boot;
  return send_as(stage, "beta", boot, std::move(batch));
}

} // namespace

TEST_CASE("the monitor stamps node, boot, number and time", "[monitor]") {
  supervision_stage stage;
  stage.monitor.events.emit(reported("x"));
  stage.rig.run();
  stage.rig.advance(1s);
  stage.monitor.events.emit(reported("y"));
  stage.rig.run();
  REQUIRE(stage.events.size() == 2);
  CHECK(stage.events[0].node == "alpha");
  CHECK(stage.events[0].boot == 7);
  CHECK(stage.events[0].sequence == 1);
  CHECK(stage.events[1].sequence == 2);
  CHECK(stage.events[1].at - stage.events[0].at == 1s);
}

TEST_CASE("texts of an event are cut at emission, between characters",
          "[emitter]") {
  supervision_stage stage;
  auto long_one = reported(std::string(5000, 'c'));
  long_one.reason = std::string(event::text_max - 1, 'r') + "\xc3\xa9 more";
  long_one.metadata.assign(100,
                           {std::string(5000, 'k'), std::string(5000, 'v')});
  stage.monitor.events.emit(long_one);
  stage.rig.run();
  auto& got = stage.events.at(0);
  CHECK(got.component.size() == event::text_max);
  CHECK(got.reason == std::string(event::text_max - 1, 'r'));
  CHECK(got.metadata.size() == event::metadata_max);
  CHECK(got.metadata[0].first.size() == event::text_max);
  CHECK(got.metadata[0].second.size() == event::text_max);
  CHECK(well_formed(got));
}

TEST_CASE("an emitter without a monitor swallows events", "[emitter]") {
  emitter{}.emit(reported("x"));
  supervision_stage stage;
  auto events = stage.monitor.events;
  stage.stop(stage.monitor.handle);
  events.emit(reported("x"));
  stage.rig.run();
  CHECK(stage.events.empty());
}

TEST_CASE("events beyond what may wait are dropped and counted exactly",
          "[emitter][monitor]") {
  supervision_stage stage;
  for (size_t i = 0; i < emitter::waiting_max + 1234; ++i)
    stage.monitor.events.emit(reported("x"));
  stage.rig.run();
  REQUIRE(stage.events.size() == emitter::waiting_max + 1);
  CHECK(stage.events.back().kind == event_kind::events_dropped);
  CHECK(test::metadata_of(stage.events.back(), "count") == "1234");
  CHECK(counts(stage).dropped == 1234);
  stage.events.clear();
  stage.monitor.events.emit(reported("x"));
  stage.rig.run();
  CHECK(stage.events.size() == 1);
}

TEST_CASE("changes are dropped before failures and recoveries",
          "[emitter][monitor]") {
  supervision_stage stage;
  constexpr auto kept = emitter::waiting_max - emitter::reserved;
  for (size_t i = 0; i < emitter::waiting_max; ++i)
    stage.monitor.events.emit(reported("x", event_kind::node_started));
  for (size_t i = 0; i < emitter::reserved + 5; ++i)
    stage.monitor.events.emit(reported("y", i % 2 == 0
                                              ? event_kind::failure_reported
                                              : event_kind::recovery_reported));
  stage.rig.run();
  auto is_told = [](auto& each) {
    return each.kind == event_kind::events_dropped;
  };
  auto where = std::find_if(stage.events.begin(), stage.events.end(), is_told);
  REQUIRE(where != stage.events.end());
  auto told = *where;
  CHECK(test::metadata_of(told, "count")
        == std::to_string(emitter::reserved + 5));
  CHECK(test::metadata_of(told, "failures_and_recoveries") == "5");
  auto counted = counts(stage).components;
  auto at = std::find_if(counted.begin(), counted.end(),
                         [](auto& each) { return each.component == "y"; });
  REQUIRE(at != counted.end());
  CHECK(at->failures + at->recoveries == emitter::reserved);
  CHECK(stage.events.size() == kept + emitter::reserved + 1);
}

TEST_CASE("recent events and counts are told on request", "[monitor]") {
  supervision_stage stage;
  for (int i = 0; i < 1500; ++i)
    stage.monitor.events.emit(reported("x"));
  stage.monitor.events.emit(reported("x", event_kind::recovery_reported));
  stage.monitor.events.emit(reported("y", event_kind::node_started));
  auto all = recent(stage, 5000).events;
  REQUIRE(all.size() == 1000);
  CHECK(all.front().sequence == 503);
  CHECK(all.back().sequence == 1502);
  auto two = recent(stage, 2).events;
  REQUIRE(two.size() == 2);
  CHECK(two[0].sequence == 1501);
  CHECK(recent(stage, 5, "beta").events.empty());
  CHECK(recent(stage, 5, "alpha").events.size() == 5);
  auto counted = counts(stage);
  CHECK(counted.events == 1502);
  CHECK(counted.components
        == std::vector<component_counts>{{"alpha", "x", 1500, 1, 0},
                                         {"alpha", "y", 0, 0, 1}});
}

TEST_CASE("a sink that throws does not end the monitor", "[monitor]") {
  supervision_stage stage;
  monitor_options options;
  options.node = "gamma";
  options.now = [] { return wall_time{}; };
  options.sink = [](const event&, event_origin) { throw 42; };
  auto other = spawn_monitor(stage.rig.system(), options);
  other.events.emit(reported("x"));
  stage.rig.run();
  CHECK(stage.ask<event_counts>(other.handle, event_counts_request{}).events
        == 1);
  stage.stop(other.handle);
}

TEST_CASE("a monitor without a clock is refused by name", "[monitor]") {
  supervision_stage stage;
  monitor_options options;
  CHECK_THROWS_WITH(spawn_monitor(stage.rig.system(), options),
                    "monitor.now is empty; it must be a function");
  options.now = [] { return wall_time{}; };
  options.peers_max = 0;
  CHECK_THROWS_WITH(spawn_monitor(stage.rig.system(), options),
                    "monitor.peers_max is 0; it must be at least 1");
}

TEST_CASE("events of peers are entered once each", "[monitor][peers]") {
  supervision_stage stage;
  CHECK(send(stage, from_beta(1, 3)) == 3);
  CHECK(send(stage, from_beta(1, 3)) == 3);
  CHECK(send(stage, from_beta(2, 5)) == 5);
  CHECK(counts(stage).events == 5);
  CHECK(counts(stage).components
        == std::vector<component_counts>{{"beta", "/root/beta", 5, 0, 0}});
  SECTION("a restarted peer counts from 1 again") {
    CHECK(send(stage, from_beta(1, 2, 99)) == 2);
    CHECK(counts(stage).events == 7);
  }
  SECTION("and are not taken for own ones") {
    stage.monitor.events.emit(reported("x"));
    stage.rig.run();
    CHECK(stage.events.back().sequence == 1);
  }
}

TEST_CASE("what is not well-formed from a peer is ignored and counted",
          "[monitor][peers][hostile]") {
  supervision_stage stage;
  auto one = from_beta(1, 1);
  auto& what = one.events[0];
  auto expect_ignored = [&] {
    auto before = counts(stage);
    send_as(stage, "beta", 1, one);
    auto after = counts(stage);
    CHECK(after.malformed == before.malformed + 1);
    CHECK(after.events == before.events);
  };
  SECTION("an unknown kind") {
    what.kind = static_cast<event_kind>(200);
    expect_ignored();
  }
  SECTION("an unknown level") {
    what.level = static_cast<severity>(5);
    expect_ignored();
  }
  SECTION("an unknown failure type") {
    what.failure = static_cast<failure_type>(255);
    expect_ignored();
  }
  SECTION("no number") {
    what.sequence = 0;
    expect_ignored();
  }
  SECTION("a text too long") {
    what.reason.assign(event::text_max + 1, 'x');
    expect_ignored();
  }
  SECTION("too much metadata") {
    what.metadata.assign(event::metadata_max + 1, {"k", "v"});
    expect_ignored();
  }
  SECTION("another node than the batch") {
    what.node = "gamma";
    expect_ignored();
  }
  SECTION("another boot than the batch") {
    what.boot = 3;
    expect_ignored();
  }
  SECTION("another boot than the node is connected in") {
    one.boot = what.boot = 3;
    expect_ignored();
  }
  SECTION("a number that it cannot have come to") {
    what.sequence = std::numeric_limits<uint64_t>::max();
    expect_ignored();
    CHECK(send(stage, from_beta(1, 1)) == 1);
  }
  SECTION("a batch in this node's own name") {
    one.node = "alpha";
    what.node = "alpha";
    expect_ignored();
  }
  SECTION("a batch without a name") {
    one.node = "";
    expect_ignored();
  }
  SECTION("a batch too large") {
    one = from_beta(1, 101);
    expect_ignored();
  }
}

TEST_CASE("however many nodes and components, memory stays bounded",
          "[monitor][hostile]") {
  supervision_stage stage;
  for (int i = 0; i < 12'000; ++i) {
    peer_events batch{"n" + std::to_string(i % 500), 1, {}};
    auto what = reported("c" + std::to_string(i));
    what.node = batch.node;
    what.boot = 1;
    what.sequence = 1 + static_cast<uint64_t>(i);
    batch.events.push_back(what);
    auto node = batch.node;
    CHECK(send_as(stage, node, 1, std::move(batch)));
  }
  auto counted = counts(stage);
  CHECK(counted.events == 12'000);
  REQUIRE(counted.components.size() == 10'001);
  CHECK(counted.components.back()
        == component_counts{"", "...others", 2000, 0, 0});
}

TEST_CASE("many threads emit, and every event is handled or counted",
          "[emitter][threads]") {
  constexpr uint64_t threads = 4;
  constexpr uint64_t each = 20'000;
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::atomic<uint64_t> handled{0};
  monitor_options options;
  options.node = "alpha";
  options.now = [] { return wall_time{}; };
  options.sink = [&](const event& what, event_origin) {
    if (what.kind == event_kind::failure_reported)
      ++handled;
  };
  auto monitor = spawn_monitor(system, options);
  std::vector<std::thread> crowd;
  for (uint64_t i = 0; i < threads; ++i)
    crowd.emplace_back([events = monitor.events] {
      for (uint64_t n = 0; n < each; ++n)
        events.emit(reported("x"));
    });
  for (auto& one : crowd)
    one.join();
  // Asked after all was emitted, so answered after all was handled.
  caf::scoped_actor self{system};
  uint64_t dropped = 0;
  self->request(monitor.handle, caf::infinite, event_counts_request{})
    .receive([&](const event_counts& x) { dropped = x.dropped; },
             [](const caf::error&) { FAIL("no answer"); });
  CHECK(handled + dropped == threads * each);
  self->send(monitor.handle, detail::stop_actor{});
}
