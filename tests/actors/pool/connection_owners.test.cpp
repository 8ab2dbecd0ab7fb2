// Who asks, holds and dies.

#include "actors/pool/pool_fixture.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::pool_fixture;

TEST_CASE("the connection of one who died is taken back and not used again",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben");
  fixture.kill("ada");
  fixture.settle();
  CHECK(fixture.server->interrupted == 1);
  CHECK(fixture.outcome("ben") == "2");
  auto told = fixture.all(event_kind::permits_reclaimed);
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "its actor has ended");
  CHECK(fixture.counts().taken_back == 1);
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.server->open == 1);
}

TEST_CASE("what cannot be woken is charged until it is let go",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}, {.queue = 100}, false};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben");
  fixture.kill("ada");
  fixture.settle();
  CHECK(fixture.outcome("ben") == "-");
  CHECK(fixture.permits_in_use() == 1);
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.outcome("ben") == "2");
  CHECK(fixture.server->most == 1);
}

TEST_CASE("who dies while it waits leaves the queue", "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben");
  fixture.ask("cid");
  fixture.kill("ben");
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.outcome("cid") == "1");
  CHECK(fixture.permits_in_use() == 1);
}

TEST_CASE("who dies while its connection is being opened leaves it to others",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.ask("ben");
  fixture.kill("ada");
  fixture.settle();
  CHECK(fixture.outcome("ben") == "1");
  CHECK(fixture.server->opened == 1);
}

TEST_CASE("an offer that nobody takes goes home", "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  // Its sender does not wait for an answer any more when that comes.
  fixture.rig.system().spawn([&](caf::event_based_actor* self) {
    self->set_default_handler(caf::drop);
    self->send(fixture.pool, acquire_connection{.consumer = "ada"});
    self->become([](int) {});
  });
  fixture.settle();
  CHECK(fixture.permits_in_use() == 0);
  CHECK(fixture.counts().idle == 1);
}

TEST_CASE("an error that nobody asked for reaches nobody",
          "[connection_pool]") {
  pool_fixture fixture;
  auto sender = fixture.rig.system().spawn([&](caf::event_based_actor* self) {
    self->send(fixture.pool, acquire_connection{.wait = -1s});
    return caf::behavior{[](int x) { return x; }};
  });
  fixture.settle();
  // The error would have ended it.
  CHECK(fixture.rig.actors_running() == 3);
}

TEST_CASE("what is destroyed by an exception is validated before it is reused",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  try {
    auto mine = std::move(fixture.leases["ada"]);
    throw std::runtime_error{"in the middle of a transaction"};
  } catch (const std::runtime_error&) {
  }
  fixture.ask("ben");
  fixture.settle();
  CHECK(fixture.outcome("ben") == "1");
  CHECK(fixture.server->validated == 1);
}

TEST_CASE("what is discarded is closed", "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  fixture.leases["ada"].discard();
  fixture.settle();
  CHECK(fixture.server->open == 0);
  CHECK(fixture.counts().discarded == 1);
}

TEST_CASE("a stopped pool refuses, closes, and lets who has one keep it",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 2, .opening_max = 2}};
  fixture.ask("ada");
  fixture.ask("ben");
  fixture.settle();
  fixture.leases.erase("ben");
  fixture.ask("cid");
  fixture.ask("dot");
  fixture.settle();
  caf::anon_send(fixture.pool, detail::stop_pool{});
  fixture.ask("eve");
  CHECK(fixture.outcome("dot") == "db: was stopped");
  CHECK(fixture.outcome("eve") == "db: was stopped");
  CHECK(fixture.outcome("ada") == "1");
  fixture.leases.erase("cid");
  fixture.pass(2s);
  CHECK(fixture.rig.actors_running() == 6);
  fixture.leases.erase("ada");
  CHECK(fixture.server->open == 0);
  CHECK(fixture.permits_in_use() == 0);
  fixture.ask("eve");
  CHECK(fixture.outcome("eve") == "request_receiver_down");
}

TEST_CASE("nothing that is sent to a pool can end it", "[connection_pool]") {
  pool_fixture fixture;
  caf::anon_send_exit(fixture.pool, caf::exit_reason::kill);
  caf::anon_send(fixture.pool, std::string{"unknown"});
  caf::anon_send(fixture.pool, caf::down_msg{});
  caf::anon_send(fixture.pool, acquire_connection{.wait = -1s});
  fixture.ask("ada", {.wait = -1s});
  fixture.settle();
  CHECK(fixture.outcome("ada")
        == "db: acquire_connection.wait must be at least 0ms and at most 24h");
  fixture.ask("ada", {.consumer = std::string(100'000, 'x')});
  fixture.settle();
  CHECK(fixture.outcome("ada") == "1");
}

TEST_CASE("the bulkhead of a pool counts, and can be closed at run time",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 2}};
  fixture.ask("ada");
  fixture.settle();
  caf::anon_send(fixture.compartment.handle(),
                 isolate_bulkhead{isolation::normal, "maintenance"});
  fixture.ask("ben");
  fixture.ask("cid", {.priority = call_priority::critical});
  fixture.settle();
  CHECK(fixture.outcome("ben") == "db: is isolated");
  CHECK(fixture.outcome("cid") == "2");
  bulkhead_stats seen;
  fixture.rig.system().spawn([&](caf::event_based_actor* self) {
    self
      ->request(fixture.compartment.handle(), caf::infinite,
                bulkhead_stats_request{})
      .then([&](const bulkhead_stats& x) { seen = x; });
  });
  fixture.settle();
  CHECK(seen.kind == bulkhead_kind::connection_pool);
  CHECK(seen.max_capacity == 2);
  CHECK(fixture.permits_in_use() == 2);
}
