#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/events/record.hpp>
#include <bulwark/gate/cluster_size.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

/// Another node's monitor that answers as it is told.
struct fake_peer {
  std::vector<uint64_t> batches; // first number of each
  std::vector<std::string> origins;
  bool answers = true;
  bool refuses = false;
  size_t told = 0;
};

caf::behavior peer_actor(caf::event_based_actor* self, fake_peer* peer) {
  return {
    [=](const peer_positions&) { ++peer->told; },
    [=](const peer_events& x) -> caf::result<peer_events_ack> {
      peer->batches.push_back(x.events.front().sequence);
      peer->origins.push_back(x.node);
      if (peer->refuses)
        return caf::make_error(caf::sec::runtime_error);
      if (!peer->answers) {
        static_cast<void>(self->make_response_promise());
        return caf::delegated<peer_events_ack>{};
      }
      return peer_events_ack{x.events.back().sequence};
    },
  };
}

void emit(supervision_fixture& fixture, int times = 1) {
  for (int i = 0; i < times; ++i) {
    event what;
    what.kind = event_kind::failure_reported;
    what.component = "x";
    fixture.monitor.events.emit(what);
  }
  fixture.rig.run();
}

void add_peer(supervision_fixture& fixture, const std::string& node,
              const caf::actor& handle, uint64_t boot = 0) {
  caf::anon_send(fixture.monitor.handle,
                 detail::add_peer_monitor{node, handle, boot});
  fixture.rig.run();
}

/// `peer` tells what it has.
void tell(supervision_fixture& fixture, const caf::actor& peer,
          std::vector<event_position> has, const std::string& node = "beta") {
  caf::send_as(peer, fixture.monitor.handle,
               peer_positions{node, 0, 0, {}, true, std::move(has)});
  fixture.rig.run();
}

caf::actor add_fake(supervision_fixture& fixture, fake_peer& peer,
                    const std::string& node = "beta") {
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  add_peer(fixture, node, handle);
  tell(fixture, handle, {}, node);
  return handle;
}

/// A monitor of another node beside that of the fixture.
struct other_monitor {
  other_monitor(supervision_fixture& fixture, std::string name, uint64_t boot)
    : node(std::move(name)), in(fixture) {
    monitor_options options;
    options.node = node;
    options.boot = boot;
    options.objectives = {};
    options.now = [&fixture] {
      return wall_time{std::chrono::duration_cast<std::chrono::microseconds>(
        fixture.rig.now().time_since_epoch())};
    };
    options.sink = [this](const event& what, event_origin origin) {
      if (origin == event_origin::peer)
        heard.push_back(what);
    };
    running = spawn_monitor(fixture.rig.system(), options);
    fixture.rig.run();
  }

  ~other_monitor() { in.stop(running.handle); }

  /// How many events of that node it has heard of.
  size_t heard_of(const std::string& name) const {
    return static_cast<size_t>(
      std::count_if(heard.begin(), heard.end(),
                    [&](auto& each) { return each.node == name; }));
  }

  void knows(const std::string& peer, const caf::actor& handle,
             uint64_t boot) const {
    caf::anon_send(running.handle,
                   detail::add_peer_monitor{peer, handle, boot});
    in.rig.run();
  }

  std::string report() const {
    return in
      .ask<fault_tolerance_report_text>(
        running.handle, fault_tolerance_report_request{"json", "", 24h})
      .text;
  }

  std::string node;
  supervision_fixture& in;
  std::vector<event> heard;
  running_monitor running;
};

} // namespace

TEST_CASE("monitors of two nodes know each other's events",
          "[monitor][peers]") {
  supervision_fixture alpha{1s};
  other_monitor beta{alpha, "beta", 3};
  emit(alpha, 250);
  add_peer(alpha, "beta", beta.running.handle, 3);
  // Beta does not know alpha yet, and believes it nothing.
  CHECK(beta.heard.empty());
  beta.knows("alpha", alpha.monitor.handle, 7);
  CHECK(beta.heard.size() == 250);
  beta.running.events.emit({});
  alpha.rig.run();
  CHECK(alpha.events.back().node == "beta");
  emit(alpha);
  REQUIRE(beta.heard.back().node == "alpha");
  CHECK(beta.heard.back().boot == 7);
  auto all = beta.heard.size();
  // The same peer under a new handle enters nothing twice.
  add_peer(alpha, "beta", beta.running.handle, 3);
  CHECK(beta.heard.size() == all);
  SECTION("a peer that was removed hears no more") {
    caf::anon_send(alpha.monitor.handle, detail::remove_peer_monitor{"beta"});
    emit(alpha);
    CHECK(beta.heard.size() == all);
  }
}

// A dead node's last events stayed with those whom it had told itself.
TEST_CASE("what a dead node told one of its peers, the others come to know",
          "[monitor][peers]") {
  supervision_fixture alpha{1s};
  other_monitor beta{alpha, "beta", 3};
  other_monitor gamma{alpha, "gamma", 4};
  add_peer(alpha, "beta", beta.running.handle, 3);
  beta.knows("alpha", alpha.monitor.handle, 7);
  emit(alpha, 150);
  CHECK(beta.heard_of("alpha") == 150);
  caf::anon_send(beta.running.handle, detail::remove_peer_monitor{"alpha"});
  beta.knows("gamma", gamma.running.handle, 4);
  gamma.knows("beta", beta.running.handle, 3);
  // Not at once: alpha could tell gamma itself.
  CHECK(gamma.heard_of("alpha") == 0);
  alpha.rig.advance(4s);
  CHECK(gamma.heard_of("alpha") == 150);
  SECTION("and back, to a node that has lost them") {
    other_monitor again{alpha, "alpha", 9};
    again.knows("gamma", gamma.running.handle, 4);
    gamma.knows("alpha", again.running.handle, 9);
    alpha.rig.advance(4s);
    CHECK(again.heard_of("alpha") == 150);
  }
}

TEST_CASE("monitors that know the same make the same report",
          "[monitor][peers]") {
  supervision_fixture alpha{1s};
  other_monitor beta{alpha, "beta", 3};
  other_monitor gamma{alpha, "gamma", 4};
  beta.knows("gamma", gamma.running.handle, 4);
  gamma.knows("beta", beta.running.handle, 3);
  for (const auto* each : {"disk", "cache", "disk"}) {
    record_failure_event(beta.running.events, each, "disk_full");
    record_failure_event(gamma.running.events, each, "disk_full");
    alpha.rig.advance(1min);
    record_recovery_event(beta.running.events, each, "failover", 1min);
    alpha.rig.advance(1min);
  }
  alpha.rig.advance(5s);
  CHECK(beta.report() == gamma.report());
  CHECK(beta.report().find("\"disk_full\":6") != std::string::npos);
}

TEST_CASE("a peer that does not answer has one batch on its way",
          "[monitor][peers]") {
  fake_peer peer;
  supervision_fixture fixture{1s};
  peer.answers = false;
  add_fake(fixture, peer);
  emit(fixture);
  emit(fixture, 500);
  CHECK(peer.batches == std::vector<uint64_t>{1});
  fixture.rig.advance(10s);
  CHECK(peer.batches == std::vector<uint64_t>{1, 1});
  peer.answers = true;
  fixture.rig.advance(10s);
  CHECK(peer.batches
        == std::vector<uint64_t>{1, 1, 1, 101, 201, 301, 401, 501});
  emit(fixture);
  CHECK(peer.batches.back() == 502);
}

TEST_CASE("a peer that refuses is tried again, but not at once",
          "[monitor][peers][hostile]") {
  fake_peer peer;
  supervision_fixture fixture{1s};
  peer.refuses = true;
  add_fake(fixture, peer);
  emit(fixture, 3);
  CHECK(peer.batches == std::vector<uint64_t>{1});
  fixture.rig.advance(20s);
  CHECK(peer.batches.size() > 3);
  CHECK(peer.batches.size() <= 12);
}

TEST_CASE("a peer is told nothing before it has told what it has",
          "[monitor][peers]") {
  fake_peer peer;
  supervision_fixture fixture{1s};
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  emit(fixture, 10);
  add_peer(fixture, "beta", handle);
  fixture.rig.advance(10s);
  CHECK(peer.batches.empty());
  CHECK(peer.told > 0);
  tell(fixture, handle, {{"alpha", 7, 4}});
  CHECK(peer.batches == std::vector<uint64_t>{5});
}

TEST_CASE("positions are believed from a peer's own monitor only",
          "[monitor][peers][hostile]") {
  fake_peer peer;
  fake_peer stranger;
  supervision_fixture fixture{1s};
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  auto other = fixture.rig.system().spawn(peer_actor, &stranger);
  add_peer(fixture, "beta", handle);
  emit(fixture);
  tell(fixture, other, {});
  CHECK(peer.batches.empty());
  CHECK(stranger.batches.empty());
}

TEST_CASE("a peer that is dead harms nobody", "[monitor][peers]") {
  fake_peer peer;
  supervision_fixture fixture{1s};
  auto handle = add_fake(fixture, peer);
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  emit(fixture, 10);
  CHECK(fixture.events.size() == 10);
  CHECK(peer.batches.empty());
}

TEST_CASE("no more peers than the limit are fed", "[monitor][peers]") {
  std::vector<fake_peer> peers(cluster_peers_max + 1);
  supervision_fixture fixture;
  for (size_t i = 0; i < peers.size(); ++i)
    add_fake(fixture, peers[i], "n" + std::to_string(i));
  emit(fixture);
  CHECK_FALSE(peers[cluster_peers_max - 1].batches.empty());
  CHECK(peers[cluster_peers_max].batches.empty());
}
