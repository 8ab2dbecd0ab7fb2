// Who asks, holds and dies.

#include "actors/pool/pool_stage.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::pool_stage;

TEST_CASE("the connection of one who died is taken back and not used again",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben");
  stage.kill("ada");
  stage.settle();
  CHECK(stage.server->interrupted == 1);
  CHECK(stage.outcome("ben") == "2");
  auto told = stage.all(event_kind::permits_reclaimed);
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "its actor has ended");
  CHECK(stage.counts().taken_back == 1);
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.server->open == 1);
}

TEST_CASE("what cannot be woken is charged until it is let go",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}, {.queue = 100}, false};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben");
  stage.kill("ada");
  stage.settle();
  CHECK(stage.outcome("ben") == "-");
  CHECK(stage.permits_in_use() == 1);
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.outcome("ben") == "2");
  CHECK(stage.server->most == 1);
}

TEST_CASE("who dies while it waits leaves the queue", "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben");
  stage.ask("cid");
  stage.kill("ben");
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.outcome("cid") == "1");
  CHECK(stage.permits_in_use() == 1);
}

TEST_CASE("who dies while its connection is being opened leaves it to others",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.ask("ben");
  stage.kill("ada");
  stage.settle();
  CHECK(stage.outcome("ben") == "1");
  CHECK(stage.server->opened == 1);
}

TEST_CASE("an offer that nobody takes goes home", "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  // Its sender does not wait for an answer any more when that comes.
  stage.rig.system().spawn([&](caf::event_based_actor* self) {
    self->set_default_handler(caf::drop);
    self->send(stage.pool, acquire_connection{.consumer = "ada"});
    self->become([](int) {});
  });
  stage.settle();
  CHECK(stage.permits_in_use() == 0);
  CHECK(stage.counts().idle == 1);
}

TEST_CASE("an error that nobody asked for reaches nobody",
          "[connection_pool]") {
  pool_stage stage;
  auto sender = stage.rig.system().spawn([&](caf::event_based_actor* self) {
    self->send(stage.pool, acquire_connection{.wait = -1s});
    return caf::behavior{[](int x) { return x; }};
  });
  stage.settle();
  // The error would have ended it.
  CHECK(stage.rig.actors_running() == 3);
}

TEST_CASE("what is destroyed by an exception is validated before it is reused",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  try {
    auto mine = std::move(stage.leases["ada"]);
    throw std::runtime_error{"in the middle of a transaction"};
  } catch (const std::runtime_error&) {
  }
  stage.ask("ben");
  stage.settle();
  CHECK(stage.outcome("ben") == "1");
  CHECK(stage.server->validated == 1);
}

TEST_CASE("what is discarded is closed", "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  stage.leases["ada"].discard();
  stage.settle();
  CHECK(stage.server->open == 0);
  CHECK(stage.counts().discarded == 1);
}

TEST_CASE("a stopped pool refuses, closes, and lets who has one keep it",
          "[connection_pool]") {
  pool_stage stage{{.max = 2, .opening_max = 2}};
  stage.ask("ada");
  stage.ask("ben");
  stage.settle();
  stage.leases.erase("ben");
  stage.ask("cid");
  stage.ask("dot");
  stage.settle();
  caf::anon_send(stage.pool, detail::stop_pool{});
  stage.ask("eve");
  CHECK(stage.outcome("dot") == "db: was stopped");
  CHECK(stage.outcome("eve") == "db: was stopped");
  CHECK(stage.outcome("ada") == "1");
  stage.leases.erase("cid");
  stage.pass(2s);
  CHECK(stage.rig.actors_running() == 6);
  stage.leases.erase("ada");
  CHECK(stage.server->open == 0);
  CHECK(stage.permits_in_use() == 0);
  stage.ask("eve");
  CHECK(stage.outcome("eve") == "request_receiver_down");
}

TEST_CASE("nothing that is sent to a pool can end it", "[connection_pool]") {
  pool_stage stage;
  caf::anon_send_exit(stage.pool, caf::exit_reason::kill);
  caf::anon_send(stage.pool, std::string{"unknown"});
  caf::anon_send(stage.pool, caf::down_msg{});
  caf::anon_send(stage.pool, acquire_connection{.wait = -1s});
  stage.ask("ada", {.wait = -1s});
  stage.settle();
  CHECK(stage.outcome("ada")
        == "db: acquire_connection.wait must be at least 0ms and at most 24h");
  stage.ask("ada", {.consumer = std::string(100'000, 'x')});
  stage.settle();
  CHECK(stage.outcome("ada") == "1");
}

TEST_CASE("the bulkhead of a pool counts, and can be closed at run time",
          "[connection_pool]") {
  pool_stage stage{{.max = 2}};
  stage.ask("ada");
  stage.settle();
  caf::anon_send(stage.compartment.handle(),
                 isolate_bulkhead{isolation::normal, "maintenance"});
  stage.ask("ben");
  stage.ask("cid", {.priority = call_priority::critical});
  stage.settle();
  CHECK(stage.outcome("ben") == "db: is isolated");
  CHECK(stage.outcome("cid") == "2");
  bulkhead_stats seen;
  stage.rig.system().spawn([&](caf::event_based_actor* self) {
    self
      ->request(stage.compartment.handle(), caf::infinite,
                bulkhead_stats_request{})
      .then([&](const bulkhead_stats& x) { seen = x; });
  });
  stage.settle();
  CHECK(seen.kind == bulkhead_kind::connection_pool);
  CHECK(seen.max_capacity == 2);
  CHECK(stage.permits_in_use() == 2);
}
