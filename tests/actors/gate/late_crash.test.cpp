#include "actors/gate/gate_fixture.hpp"

#include <bulwark/gate/detail/gate_core.hpp>

#include <catch2/catch.hpp>

// A replica crashes on what it may be given again, while its gate stops.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

size_t handles_of(const caf::actor& whom) {
  return caf::actor_cast<caf::strong_actor_ptr>(whom)->strong_refs.load();
}

} // namespace

TEST_CASE("a crash takes no handles of a gate that has stopped",
          "[gate][stop]") {
  gate_fixture fixture;
  auto& g = fixture.gate("g", {}, 1);
  auto replica = fixture.spawn_replica(g, 0, 1, "g");
  fixture.change(g, 0, child_state::up, 1, replica);
  client alice{fixture.rig};
  auto asked = alice.asks<int>(g.handle(), call_options{.idempotent = true},
                               keep_atom::value, 1);
  auto& table = g.core()->requests();
  std::optional<pending_id> id;
  table.for_each([&](pending_id x, const pending_word&, int64_t) { id = x; });
  REQUIRE(id);
  // What `complete` does when the error of a crash passes the gate, with the
  // gate's stop in between.
  auto won = table.take(*id);
  REQUIRE(won.what == pending_outcome::unanswered);
  g.stop();
  fixture.rig.run();
  table.put_back(*id, won);
  fixture.room("g").kept.clear();
  caf::anon_send_exit(replica, caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(asked->code() != errc{});
  CHECK(open_requests(g) == 0);
  // A whole batch is counted when the first one is taken.
  CHECK(handles_of(g.handle()) < 100);
}
