#include "actors/pool/pool_stage.hpp"

#include <catch2/catch.hpp>

// A pool whose server was away for long, and the timers of a pool.

using namespace bulwark;
using namespace std::chrono_literals;
using test::pool_stage;

TEST_CASE("after a long outage whoever asks gets a connection in time",
          "[connection_pool][outage]") {
  pool_stage stage;
  stage.server->away = true;
  stage.ask("ada", {.wait = 1s});
  stage.pass(10min);
  CHECK(stage.outcome("ada").starts_with("db: no connection can be opened"));
  auto failures = stage.counts().open_failures;
  // While it is away, who asks is told so after another attempt.
  stage.ask("ben", {.wait = 1s});
  stage.pass(1s);
  CHECK(stage.outcome("ben").starts_with("db: no connection can be opened"));
  CHECK(stage.counts().open_failures > failures);
  CHECK(stage.counts().open_failures <= failures + 3);
  stage.server->away = false;
  stage.ask("cid", {.wait = 1s});
  stage.ask("dot", {.wait = 1min});
  stage.pass(1s);
  CHECK(stage.outcome("cid") == "1");
  CHECK(stage.outcome("dot") != "-");
  CHECK(stage.history() == "connection_lost, connection_restored");
}

TEST_CASE("a far timer of a pool is set once", "[connection_pool][outage]") {
  pool_stage stage{{.max = 1, .leak_after = 1h}};
  stage.ask("ada");
  stage.settle();
  for (int i = 0; i < 100; ++i) {
    stage.ask("ben", {.wait = 1s});
    stage.pass(1s);
    REQUIRE(stage.outcome("ben") != "-");
  }
  stage.rig.advance(1h - 101s);
  REQUIRE(stage.counts().leaks == 0);
  CHECK(stage.rig.advance(1s) == 1);
  CHECK(stage.counts().leaks == 1);
}
