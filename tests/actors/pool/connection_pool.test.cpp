#include "actors/pool/pool_stage.hpp"

#include <bulwark/caf_error.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::pool_stage;

namespace {

/// Whom `ada`, `ben`, ... are.
constexpr const char* people[] = {"ada", "ben", "cid", "dot", "eve"};

} // namespace

TEST_CASE("who asks a pool gets a connection and gives it back by dropping it",
          "[connection_pool]") {
  pool_stage stage;
  stage.ask("ada");
  CHECK(stage.outcome("ada") == "-");
  stage.settle();
  CHECK(stage.outcome("ada") == "1");
  CHECK(stage.permits_in_use() == 1);
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.permits_in_use() == 0);
  CHECK(stage.counts().idle == 1);
  stage.ask("ben");
  CHECK(stage.outcome("ben") == "1");
  CHECK(stage.server->validated == 0);
}

TEST_CASE("there are never more connections than may be, and all are served",
          "[connection_pool]") {
  pool_stage stage{{.max = 2}};
  for (auto who : people)
    stage.ask(who);
  stage.settle();
  for (auto who : people) {
    CHECK(stage.outcome(who) != "-");
    stage.leases.erase(who);
    stage.settle();
  }
  CHECK(stage.server->most == 2);
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("critical work is served before others that wait longer",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben");
  stage.ask("cid", {.priority = call_priority::critical});
  stage.settle();
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.outcome("ben") == "-");
  CHECK(stage.outcome("cid") == "1");
}

TEST_CASE("who waits too long is told how many are in use",
          "[connection_pool]") {
  pool_stage stage{{.max = 1}};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben", {.wait = 2s});
  stage.pass(1990ms);
  CHECK(stage.outcome("ben") == "-");
  stage.pass(10ms);
  CHECK(stage.outcome("ben")
        == "db: no connection came free within 2s; 1 of 1 are in use");
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.permits_in_use() == 0);
}

TEST_CASE("one more than may wait is refused at once", "[connection_pool]") {
  pool_stage stage{{.max = 1}, {.queue = 1}};
  stage.ask("ada");
  stage.ask("ben");
  stage.ask("cid");
  stage.settle();
  CHECK(stage.outcome("ada") == "1");
  CHECK(stage.outcome("ben") == "-");
  CHECK(stage.outcome("cid")
        == "db: no connection is free, 0 of 1 are in use, and no more may "
           "wait");
}

TEST_CASE("a server that is away is told of once, and once when it is back",
          "[connection_pool]") {
  pool_stage stage{{.wait = 60s, .backoff_jitter = 0}};
  stage.server->away = true;
  stage.ask("ada");
  stage.ask("ben", {.wait = 50ms});
  stage.settle();
  // Two attempts have failed, the next one is due after 200 ms.
  CHECK(stage.outcome("ben")
        == "db: no connection can be opened: std::runtime_error: the server is "
           "away");
  stage.pass(10s);
  CHECK(stage.outcome("ada") == "-");
  CHECK(stage.counts().open_failures == 7);
  stage.server->away = false;
  stage.pass(10s);
  CHECK(stage.outcome("ada") == "1");
  CHECK(stage.history() == "connection_lost, connection_restored");
  CHECK(stage.events[0].component == "bulkhead/db");
  CHECK(stage.events[0].reason == "std::runtime_error: the server is away");
  CHECK(stage.events[1].downtime == 12600ms);
}

TEST_CASE("after a restart of the server the old connections are not given",
          "[connection_pool]") {
  pool_stage stage{{.max = 3}};
  for (auto who : {"ada", "ben", "cid"})
    stage.ask(who);
  stage.settle();
  stage.leases.clear();
  stage.settle();
  CHECK(stage.counts().idle == 3);
  stage.server->dead = {1, 2, 3};
  stage.pass(1s);
  stage.ask("ada");
  stage.settle();
  CHECK(stage.outcome("ada") == "4");
  // One was found dead, the others were not even tried.
  CHECK(stage.server->validated == 1);
  CHECK(stage.server->open == 1);
}

TEST_CASE("an attempt to open that hangs is given up, and so is its thread",
          "[connection_pool]") {
  pool_stage stage{{.open_timeout = 1s, .backoff_jitter = 0}};
  stage.ask("ada", {.wait = 1500ms});
  stage.rig.advance(1s);
  CHECK(stage.history() == "connection_lost");
  CHECK(stage.events[0].reason == "not opened within 1s");
  CHECK(stage.threads.abandoned() == 1);
  stage.rig.advance(500ms);
  CHECK(stage.outcome("ada")
        == "db: no connection came free within 1.5s; 0 of 10 are in use");
  CHECK(stage.permits_in_use() == 0);
  // What comes of it after all is closed.
  stage.settle();
  CHECK(stage.counts().abandoned == 0);
  CHECK(stage.server->open == stage.counts().idle);
}

TEST_CASE("no more threads hang than may, and who asks is told at once",
          "[connection_pool]") {
  pool_stage stage{{.open_timeout = 1s, .abandoned_max = 2, .leak_after = 0s}};
  for (int i = 0; i < 20; ++i) {
    stage.ask("ada");
    stage.rig.advance(5s);
    CHECK(stage.outcome("ada") != "-");
  }
  CHECK(stage.threads.abandoned() == 2);
  CHECK(stage.threads.waiting() == 3);
  stage.settle();
  CHECK(stage.counts().abandoned == 0);
  stage.ask("ada");
  stage.settle();
  CHECK(stage.outcome("ada") != "-");
  CHECK(stage.leases.size() == 1);
}

TEST_CASE("without a thread to open with, who asks is told so",
          "[connection_pool]") {
  pool_stage stage{{.backoff_initial = 20s}};
  stage.threads.exhaust(true);
  stage.ask("ada");
  stage.settle();
  CHECK(stage.outcome("ada")
        == "db: no connection can be opened: no thread could be started for "
           "it");
}

TEST_CASE("a leak is reported with the name of who has it",
          "[connection_pool]") {
  pool_stage stage{{.leak_after = 5s}};
  stage.ask("ada");
  stage.pass(20s);
  auto told = stage.all(event_kind::connection_leaked);
  REQUIRE(told.size() == 1);
  CHECK(to_text(told[0])
        == "alpha connection_leaked component=bulkhead/db reason=\"keeps a "
           "connection for longer than 5s\" consumer=ada connection=1 held=5s");
  CHECK(stage.outcome("ada") == "1");
}

TEST_CASE("who keeps a connection even longer loses it if that is wanted",
          "[connection_pool]") {
  pool_stage stage{{.max = 1, .take_back_after = 5s}};
  stage.ask("ada");
  stage.settle();
  stage.ask("ben", {.wait = 9s});
  stage.pass(5s);
  CHECK(stage.server->interrupted == 1);
  CHECK(stage.all(event_kind::lease_expired).size() == 1);
  CHECK(stage.outcome("ben") == "2");
  // Let go, the old one is closed and not given to anybody.
  CHECK(stage.server->open == 2);
  stage.leases.erase("ada");
  stage.settle();
  CHECK(stage.server->open == 1);
  CHECK(stage.permits_in_use() == 1);
}
