#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/detail/control.hpp>
#include <bulwark/events/detail/event_check.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

event reported(const std::string& component,
               event_kind kind = event_kind::failure_reported) {
  event result;
  result.kind = kind;
  result.component = component;
  return result;
}

recent_events recent(supervision_fixture& fixture, uint64_t max,
                     const std::string& node = "") {
  return fixture.ask<recent_events>(fixture.monitor.handle,
                                    recent_events_request{max, node});
}

event_counts counts(supervision_fixture& fixture) {
  return fixture.ask<event_counts>(fixture.monitor.handle,
                                   event_counts_request{});
}

/// Events of node beta as its monitor would send them.
peer_events from_beta(uint64_t first, uint64_t last, uint64_t boot = 1) {
  peer_events result{"beta", boot, first, {}};
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
std::optional<uint64_t> send_as(supervision_fixture& fixture,
                                const std::string& node, uint64_t boot,
                                peer_events batch) {
  caf::scoped_actor self{fixture.rig.system()};
  caf::anon_send(
    fixture.monitor.handle,
    detail::add_peer_monitor{node, caf::actor_cast<caf::actor>(self), boot});
  auto asked =
    self->request(fixture.monitor.handle, caf::infinite, std::move(batch));
  caf::anon_send(fixture.monitor.handle, detail::remove_peer_monitor{node});
  fixture.rig.run();
  std::optional<uint64_t> result;
  asked.receive([&](const peer_events_ack& x) { result = x.upto; },
                [](const caf::error&) {});
  return result;
}

std::optional<uint64_t> send(supervision_fixture& fixture, peer_events batch) {
  auto boot = batch.boot;
  return send_as(fixture, "beta", boot, std::move(batch));
}

} // namespace

TEST_CASE("the monitor stamps node, boot, number and time", "[monitor]") {
  supervision_fixture fixture;
  fixture.monitor.events.emit(reported("x"));
  fixture.rig.run();
  fixture.rig.advance(1s);
  fixture.monitor.events.emit(reported("y"));
  fixture.rig.run();
  REQUIRE(fixture.events.size() == 2);
  CHECK(fixture.events[0].node == "alpha");
  CHECK(fixture.events[0].boot == 7);
  CHECK(fixture.events[0].sequence == 1);
  CHECK(fixture.events[1].sequence == 2);
  CHECK(fixture.events[1].at - fixture.events[0].at == 1s);
}

TEST_CASE("texts of an event are cut at emission, between characters",
          "[emitter]") {
  supervision_fixture fixture;
  auto long_one = reported(std::string(5000, 'c'));
  long_one.reason = std::string(event::text_max - 1, 'r') + "\xc3\xa9 more";
  long_one.metadata.assign(100,
                           {std::string(5000, 'k'), std::string(5000, 'v')});
  fixture.monitor.events.emit(long_one);
  fixture.rig.run();
  auto& got = fixture.events.at(0);
  CHECK(got.component.size() == event::text_max);
  CHECK(got.reason == std::string(event::text_max - 1, 'r'));
  CHECK(got.metadata.size() == event::metadata_max);
  CHECK(got.metadata[0].first.size() == event::text_max);
  CHECK(got.metadata[0].second.size() == event::text_max);
  CHECK(well_formed(got));
}

TEST_CASE("an emitter without a monitor swallows events", "[emitter]") {
  emitter{}.emit(reported("x"));
  supervision_fixture fixture;
  auto events = fixture.monitor.events;
  fixture.stop(fixture.monitor.handle);
  events.emit(reported("x"));
  fixture.rig.run();
  CHECK(fixture.events.empty());
}

TEST_CASE("events beyond what may wait are dropped and counted exactly",
          "[emitter][monitor]") {
  supervision_fixture fixture;
  for (size_t i = 0; i < emitter::waiting_max + 1234; ++i)
    fixture.monitor.events.emit(reported("x"));
  fixture.rig.run();
  REQUIRE(fixture.events.size() == emitter::waiting_max + 1);
  CHECK(fixture.events.back().kind == event_kind::events_dropped);
  CHECK(test::metadata_of(fixture.events.back(), "count") == "1234");
  CHECK(counts(fixture).dropped == 1234);
  fixture.events.clear();
  fixture.monitor.events.emit(reported("x"));
  fixture.rig.run();
  CHECK(fixture.events.size() == 1);
}

TEST_CASE("changes are dropped before failures and recoveries",
          "[emitter][monitor]") {
  supervision_fixture fixture;
  constexpr auto kept = emitter::waiting_max - emitter::reserved;
  for (size_t i = 0; i < emitter::waiting_max; ++i)
    fixture.monitor.events.emit(reported("x", event_kind::node_started));
  for (size_t i = 0; i < emitter::reserved + 5; ++i)
    fixture.monitor.events.emit(
      reported("y", i % 2 == 0 ? event_kind::failure_reported
                               : event_kind::recovery_reported));
  fixture.rig.run();
  auto is_told = [](auto& each) {
    return each.kind == event_kind::events_dropped;
  };
  auto where =
    std::find_if(fixture.events.begin(), fixture.events.end(), is_told);
  REQUIRE(where != fixture.events.end());
  auto told = *where;
  CHECK(test::metadata_of(told, "count")
        == std::to_string(emitter::reserved + 5));
  CHECK(test::metadata_of(told, "failures_and_recoveries") == "5");
  auto counted = counts(fixture).components;
  auto at = std::find_if(counted.begin(), counted.end(),
                         [](auto& each) { return each.component == "y"; });
  REQUIRE(at != counted.end());
  CHECK(at->failures + at->recoveries == emitter::reserved);
  CHECK(fixture.events.size() == kept + emitter::reserved + 1);
}

TEST_CASE("recent events and counts are told on request", "[monitor]") {
  supervision_fixture fixture;
  for (int i = 0; i < 1500; ++i)
    fixture.monitor.events.emit(reported("x"));
  fixture.monitor.events.emit(reported("x", event_kind::recovery_reported));
  fixture.monitor.events.emit(reported("y", event_kind::node_started));
  auto all = recent(fixture, 5000).events;
  REQUIRE(all.size() == 1000);
  CHECK(all.front().sequence == 503);
  CHECK(all.back().sequence == 1502);
  auto two = recent(fixture, 2).events;
  REQUIRE(two.size() == 2);
  CHECK(two[0].sequence == 1501);
  CHECK(recent(fixture, 5, "beta").events.empty());
  CHECK(recent(fixture, 5, "alpha").events.size() == 5);
  auto counted = counts(fixture);
  CHECK(counted.events == 1502);
  CHECK(counted.components
        == std::vector<component_counts>{{"alpha", "x", 1500, 1, 0},
                                         {"alpha", "y", 0, 0, 1}});
}

TEST_CASE("a sink that throws does not end the monitor", "[monitor]") {
  supervision_fixture fixture;
  monitor_options options;
  options.node = "gamma";
  options.now = [] { return wall_time{}; };
  options.sink = [](const event&, event_origin) { throw 42; };
  auto other = spawn_monitor(fixture.rig.system(), options);
  other.events.emit(reported("x"));
  fixture.rig.run();
  CHECK(fixture.ask<event_counts>(other.handle, event_counts_request{}).events
        == 1);
  fixture.stop(other.handle);
}

TEST_CASE("a monitor without a clock is refused by name", "[monitor]") {
  supervision_fixture fixture;
  monitor_options options;
  CHECK_THROWS_WITH(spawn_monitor(fixture.rig.system(), options),
                    "monitor.now is empty; it must be a function");
  options.now = [] { return wall_time{}; };
  options.peers_max = 0;
  CHECK_THROWS_WITH(spawn_monitor(fixture.rig.system(), options),
                    "monitor.peers_max is 0; it must be at least 1");
}

TEST_CASE("events of peers are entered once each", "[monitor][peers]") {
  supervision_fixture fixture;
  CHECK(send(fixture, from_beta(1, 3)) == 3);
  CHECK(send(fixture, from_beta(1, 3)) == 3);
  CHECK(send(fixture, from_beta(2, 5)) == 5);
  CHECK(counts(fixture).events == 5);
  CHECK(counts(fixture).components
        == std::vector<component_counts>{{"beta", "/root/beta", 5, 0, 0}});
  SECTION("a restarted peer counts from 1 again") {
    CHECK(send(fixture, from_beta(1, 2, 99)) == 2);
    CHECK(counts(fixture).events == 7);
  }
  SECTION("and are not taken for own ones") {
    fixture.monitor.events.emit(reported("x"));
    fixture.rig.run();
    CHECK(fixture.events.back().sequence == 1);
  }
}

TEST_CASE("what is not well-formed from a peer is ignored and counted",
          "[monitor][peers][hostile]") {
  supervision_fixture fixture;
  auto one = from_beta(1, 1);
  auto& what = one.events[0];
  auto expect_ignored = [&] {
    auto before = counts(fixture);
    send_as(fixture, "beta", 1, one);
    auto after = counts(fixture);
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
  SECTION("a later boot than the node is connected in") {
    one.boot = what.boot = 3;
    expect_ignored();
  }
  SECTION("a number that it cannot have come to") {
    what.sequence = std::numeric_limits<uint64_t>::max();
    expect_ignored();
    CHECK(send(fixture, from_beta(1, 1)) == 1);
  }
  SECTION("a batch in this node's own name") {
    one.node = what.node = "alpha";
    one.boot = what.boot = 7;
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
  supervision_fixture fixture;
  for (int i = 0; i < 12'000; ++i) {
    peer_events batch{
      "n" + std::to_string(i % 500), 1, 1 + static_cast<uint64_t>(i), {}};
    auto what = reported("c" + std::to_string(i));
    what.node = batch.node;
    what.boot = 1;
    what.sequence = 1 + static_cast<uint64_t>(i);
    batch.events.push_back(what);
    auto node = batch.node;
    CHECK(send_as(fixture, node, 1, std::move(batch)));
  }
  auto counted = counts(fixture);
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
