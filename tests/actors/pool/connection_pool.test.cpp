#include "actors/pool/pool_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::pool_fixture;

namespace {

/// Whom `ada`, `ben`, ... are.
constexpr const char* people[] = {"ada", "ben", "cid", "dot", "eve"};

} // namespace

TEST_CASE("who asks a pool gets a connection and gives it back by dropping it",
          "[connection_pool]") {
  pool_fixture fixture;
  fixture.ask("ada");
  CHECK(fixture.outcome("ada") == "-");
  fixture.settle();
  CHECK(fixture.outcome("ada") == "1");
  CHECK(fixture.permits_in_use() == 1);
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.permits_in_use() == 0);
  CHECK(fixture.counts().idle == 1);
  fixture.ask("ben");
  CHECK(fixture.outcome("ben") == "1");
  CHECK(fixture.server->validated == 0);
}

TEST_CASE("there are never more connections than may be, and all are served",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 2}};
  for (auto who : people)
    fixture.ask(who);
  fixture.settle();
  for (auto who : people) {
    CHECK(fixture.outcome(who) != "-");
    fixture.leases.erase(who);
    fixture.settle();
  }
  CHECK(fixture.server->most == 2);
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("critical work is served before others that wait longer",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben");
  fixture.ask("cid", {.priority = call_priority::critical});
  fixture.settle();
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.outcome("ben") == "-");
  CHECK(fixture.outcome("cid") == "1");
}

TEST_CASE("who waits too long is told how many are in use",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1}};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben", {.wait = 2s});
  fixture.pass(1990ms);
  CHECK(fixture.outcome("ben") == "-");
  fixture.pass(10ms);
  CHECK(fixture.outcome("ben")
        == "db: no connection came free within 2s; 1 of 1 are in use");
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.permits_in_use() == 0);
}

TEST_CASE("one more than may wait is refused at once", "[connection_pool]") {
  pool_fixture fixture{{.max = 1}, {.queue = 1}};
  fixture.ask("ada");
  fixture.ask("ben");
  fixture.ask("cid");
  fixture.settle();
  CHECK(fixture.outcome("ada") == "1");
  CHECK(fixture.outcome("ben") == "-");
  CHECK(fixture.outcome("cid")
        == "db: no connection is free, 0 of 1 are in use, and no more may "
           "wait");
}

TEST_CASE("a server that is away is told of once, and once when it is back",
          "[connection_pool]") {
  pool_fixture fixture{{.wait = 60s, .backoff_jitter = 0}};
  fixture.server->away = true;
  fixture.ask("ada");
  fixture.ask("ben", {.wait = 50ms});
  fixture.settle();
  // Two attempts have failed, the next one is due after 200 ms.
  CHECK(fixture.outcome("ben")
        == "db: no connection can be opened: std::runtime_error: the server is "
           "away");
  fixture.pass(10s);
  CHECK(fixture.outcome("ada") == "-");
  CHECK(fixture.counts().open_failures == 7);
  fixture.server->away = false;
  fixture.pass(10s);
  CHECK(fixture.outcome("ada") == "1");
  CHECK(fixture.history() == "connection_lost, connection_restored");
  CHECK(fixture.events[0].component == "bulkhead/db");
  CHECK(fixture.events[0].reason == "std::runtime_error: the server is away");
  CHECK(fixture.events[1].downtime == 12600ms);
}

TEST_CASE("after a restart of the server the old connections are not given",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 3}};
  for (auto who : {"ada", "ben", "cid"})
    fixture.ask(who);
  fixture.settle();
  fixture.leases.clear();
  fixture.settle();
  CHECK(fixture.counts().idle == 3);
  fixture.server->dead = {1, 2, 3};
  fixture.pass(1s);
  fixture.ask("ada");
  fixture.settle();
  CHECK(fixture.outcome("ada") == "4");
  // One was found dead, the others were not even tried.
  CHECK(fixture.server->validated == 1);
  CHECK(fixture.server->open == 1);
}

TEST_CASE("an attempt to open that hangs is given up, and so is its thread",
          "[connection_pool]") {
  pool_fixture fixture{{.open_timeout = 1s, .backoff_jitter = 0}};
  fixture.ask("ada", {.wait = 1500ms});
  fixture.rig.advance(1s);
  CHECK(fixture.history() == "connection_lost");
  CHECK(fixture.events[0].reason == "not opened within 1s");
  CHECK(fixture.threads.abandoned() == 1);
  fixture.rig.advance(500ms);
  CHECK(fixture.outcome("ada")
        == "db: no connection can be opened: not opened within 1s");
  CHECK(fixture.permits_in_use() == 0);
  // What comes of it after all is closed.
  fixture.settle();
  CHECK(fixture.counts().abandoned == 0);
  CHECK(fixture.server->open == fixture.counts().idle);
}

TEST_CASE("no more threads hang than may, and who asks is told at once",
          "[connection_pool]") {
  pool_fixture fixture{
    {.open_timeout = 1s, .abandoned_max = 2, .leak_after = 0s}};
  for (int i = 0; i < 20; ++i) {
    fixture.ask("ada");
    fixture.rig.advance(5s);
    CHECK(fixture.outcome("ada") != "-");
  }
  CHECK(fixture.threads.abandoned() == 2);
  CHECK(fixture.threads.waiting() == 3);
  fixture.settle();
  CHECK(fixture.counts().abandoned == 0);
  fixture.ask("ada");
  fixture.settle();
  CHECK(fixture.outcome("ada") != "-");
  CHECK(fixture.leases.size() == 1);
}

TEST_CASE("without a thread to open with, who asks is told so",
          "[connection_pool]") {
  pool_fixture fixture{{.backoff_initial = 20s}};
  fixture.threads.exhaust(true);
  fixture.ask("ada");
  fixture.settle();
  CHECK(fixture.outcome("ada")
        == "db: no connection can be opened: no thread could be started for "
           "it");
}

TEST_CASE("a leak is reported with the name of who has it",
          "[connection_pool]") {
  pool_fixture fixture{{.leak_after = 5s}};
  fixture.ask("ada");
  fixture.pass(20s);
  auto told = fixture.all(event_kind::connection_leaked);
  REQUIRE(told.size() == 1);
  CHECK(to_text(told[0])
        == "alpha connection_leaked component=bulkhead/db reason=\"keeps a "
           "connection for longer than 5s\" consumer=ada connection=1 held=5s");
  CHECK(fixture.outcome("ada") == "1");
}

TEST_CASE("who keeps a connection even longer loses it if that is wanted",
          "[connection_pool]") {
  pool_fixture fixture{{.max = 1, .take_back_after = 5s}};
  fixture.ask("ada");
  fixture.settle();
  fixture.ask("ben", {.wait = 9s});
  fixture.pass(5s);
  CHECK(fixture.server->interrupted == 1);
  CHECK(fixture.all(event_kind::lease_expired).size() == 1);
  CHECK(fixture.outcome("ben") == "2");
  // Let go, the old one is closed and not given to anybody.
  CHECK(fixture.server->open == 2);
  fixture.leases.erase("ada");
  fixture.settle();
  CHECK(fixture.server->open == 1);
  CHECK(fixture.permits_in_use() == 1);
}
