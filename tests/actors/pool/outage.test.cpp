#include "actors/pool/pool_fixture.hpp"

#include <catch2/catch.hpp>

// A pool whose server was away for long, and the timers of a pool.

using namespace bulwark;
using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;
using test::pool_fixture;

namespace {

const std::string lost = "db: no connection can be opened";

} // namespace

TEST_CASE("after a long outage whoever asks gets a connection in time",
          "[connection_pool][outage]") {
  pool_fixture fixture;
  fixture.server->away = true;
  fixture.ask("ada", {.wait = 1s});
  fixture.pass(10min);
  CHECK_THAT(fixture.outcome("ada"), StartsWith(lost));
  auto failures = fixture.counts().open_failures;
  // While it is away, who asks is told so after another attempt.
  fixture.ask("ben", {.wait = 1s});
  fixture.pass(1s);
  CHECK_THAT(fixture.outcome("ben"), StartsWith(lost));
  CHECK(fixture.counts().open_failures > failures);
  CHECK(fixture.counts().open_failures <= failures + 3);
  fixture.server->away = false;
  fixture.ask("cid", {.wait = 1s});
  fixture.ask("dot", {.wait = 1min});
  fixture.pass(1s);
  CHECK(fixture.outcome("cid") == "1");
  CHECK(fixture.outcome("dot") != "-");
  CHECK(fixture.history() == "connection_lost, connection_restored");
}

TEST_CASE("a far timer of a pool is set once", "[connection_pool][outage]") {
  pool_fixture fixture{{.max = 1, .leak_after = 1h}};
  fixture.ask("ada");
  fixture.settle();
  for (int i = 0; i < 100; ++i) {
    fixture.ask("ben", {.wait = 1s});
    fixture.pass(1s);
    REQUIRE(fixture.outcome("ben") != "-");
  }
  fixture.rig.advance(1h - 101s);
  REQUIRE(fixture.counts().leaks == 0);
  CHECK(fixture.rig.advance(1s) == 1);
  CHECK(fixture.counts().leaks == 1);
}
