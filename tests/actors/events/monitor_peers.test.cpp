#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/peer_feed.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

event numbered(uint64_t sequence) {
  event result;
  result.sequence = sequence;
  return result;
}

/// Another node's monitor that answers as it is told.
struct fake_peer {
  std::vector<uint64_t> batches; // first number of each
  bool answers = true;
  bool refuses = false;
};

caf::behavior peer_actor(caf::event_based_actor* self, fake_peer* peer) {
  return {
    [=](const peer_events& x) -> caf::result<peer_events_ack> {
      peer->batches.push_back(x.events.front().sequence);
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

} // namespace

TEST_CASE("monitors of two nodes know each other's events",
          "[monitor][peers]") {
  supervision_fixture alpha;
  std::vector<event> heard;
  monitor_options options;
  options.node = "beta";
  options.boot = 3;
  options.now = [] { return wall_time{}; };
  options.sink = [&](const event& what, event_origin origin) {
    if (origin == event_origin::peer)
      heard.push_back(what);
  };
  auto beta = spawn_monitor(alpha.rig.system(), options);
  emit(alpha, 250);
  add_peer(alpha, "beta", beta.handle, 3);
  // Not from one that it does not know; that one tries again.
  CHECK(heard.empty());
  caf::anon_send(beta.handle,
                 detail::add_peer_monitor{"alpha", alpha.monitor.handle, 7});
  alpha.rig.advance(200ms);
  CHECK(heard.size() == 250);
  beta.events.emit(numbered(0));
  alpha.rig.run();
  CHECK(alpha.events.back().node == "beta");
  CHECK(alpha.events.size() == 251);
  emit(alpha);
  CHECK(heard.size() == 251);
  CHECK(heard.back().node == "alpha");
  CHECK(heard.back().boot == 7);
  // The same peer under a new handle gets all again, and enters nothing twice.
  add_peer(alpha, "beta", beta.handle, 3);
  CHECK(heard.size() == 251);
  SECTION("a peer that was removed hears no more") {
    caf::anon_send(alpha.monitor.handle, detail::remove_peer_monitor{"beta"});
    emit(alpha);
    CHECK(heard.size() == 251);
  }
  alpha.stop(beta.handle);
}

TEST_CASE("a peer that does not answer has one batch on its way",
          "[monitor][peers]") {
  supervision_fixture fixture;
  fake_peer peer;
  peer.answers = false;
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  add_peer(fixture, "beta", handle);
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

TEST_CASE("what a slow peer missed for good is told", "[monitor][peers]") {
  supervision_fixture fixture;
  fake_peer peer;
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  add_peer(fixture, "beta", handle);
  emit(fixture);
  peer.answers = false;
  emit(fixture, 1500);
  peer.answers = true;
  fixture.rig.advance(20s);
  auto dropped = fixture.all(event_kind::events_dropped);
  REQUIRE(dropped.size() == 1);
  CHECK(test::metadata_of(dropped[0], "count") == "500");
  CHECK(peer.batches.back() == 1502);
}

TEST_CASE("a peer that refuses is tried again with the next event only",
          "[monitor][peers][hostile]") {
  supervision_fixture fixture;
  fake_peer peer;
  peer.refuses = true;
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  add_peer(fixture, "beta", handle);
  emit(fixture);
  fixture.rig.advance(1min);
  CHECK(peer.batches == std::vector<uint64_t>{1});
  emit(fixture);
  CHECK(peer.batches == std::vector<uint64_t>{1, 1});
}

TEST_CASE("a peer that is dead harms nobody", "[monitor][peers]") {
  supervision_fixture fixture;
  fake_peer peer;
  auto handle = fixture.rig.system().spawn(peer_actor, &peer);
  add_peer(fixture, "beta", handle);
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  emit(fixture, 10);
  CHECK(fixture.events.size() == 10);
  CHECK(peer.batches.empty());
}

TEST_CASE("no more peers than the limit are fed", "[monitor][peers]") {
  supervision_fixture fixture;
  std::vector<fake_peer> peers(65);
  for (size_t i = 0; i < peers.size(); ++i)
    add_peer(fixture, "n" + std::to_string(i),
             fixture.rig.system().spawn(peer_actor, &peers[i]));
  emit(fixture);
  CHECK(peers[63].batches.size() == 1);
  CHECK(peers[64].batches.empty());
}

TEST_CASE("own events are kept without gaps, the latest ones",
          "[monitor][peers]") {
  detail::own_events events{10};
  CHECK(events.from(1, 5).empty());
  for (uint64_t i = 1; i <= 15; ++i)
    events.add(numbered(i));
  CHECK(events.from(16, 5).empty());
  CHECK(events.from(15, 5).size() == 1);
  REQUIRE(events.from(1, 3).size() == 3);
  CHECK(events.from(1, 3).front().sequence == 6);
  CHECK(events.from(9, 3).front().sequence == 9);
}
