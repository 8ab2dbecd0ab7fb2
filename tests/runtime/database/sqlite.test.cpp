#include "support/postgres_server.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/sqlite.hpp>

#include <SQLiteCpp/Transaction.h>
#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using sqlite_pool = connection_pool<sqlite>;

/// An actor system, a folder, and a pool of connections to a file in it.
class sqlite_fixture {
public:
  explicit sqlite_fixture(connection_options options) {
    pool =
      sqlite_pool{system,
                  {.name = "stock", .connections = options},
                  sqlite{{.file = folder_.path() / "stock.db",
                          .setup = "create table if not exists stock "
                                   "(id integer primary key, n integer)"}}};
  }

  ~sqlite_fixture() { pool.stop(); }

  sqlite_fixture(const sqlite_fixture&) = delete;
  sqlite_fixture& operator=(const sqlite_fixture&) = delete;

private:
  caf::actor_system_config config_;
  test::server_folder folder_;

public:
  caf::actor_system system{config_};
  sqlite_pool pool;
};

} // namespace

TEST_CASE("connections to a file are shared, and see what others committed",
          "[sqlite]") {
  sqlite_fixture fixture{{.max = 2}};
  auto one = fixture.pool.acquire(nullptr);
  auto two = fixture.pool.acquire(nullptr);
  REQUIRE(one);
  REQUIRE(two);
  one->exec("insert into stock (n) values (7)");
  CHECK(two->execAndGet("select n from stock").getInt() == 7);
  CHECK_FALSE(fixture.pool.acquire(nullptr, {.wait = 1ms}));
}

TEST_CASE("a transaction that was left open does not reach the next user",
          "[sqlite]") {
  sqlite_fixture fixture{{.max = 1}};
  try {
    auto db = fixture.pool.acquire(nullptr);
    db->exec("begin immediate; insert into stock (n) values (7)");
    throw std::runtime_error{"in the middle of a transaction"};
  } catch (const std::runtime_error&) {
  }
  auto db = fixture.pool.acquire(nullptr);
  REQUIRE(db);
  CHECK(db->execAndGet("select count(*) from stock").getInt() == 0);
  CHECK(fixture.pool.counts().discarded == 1);
}

TEST_CASE("a statement that never ends is ended when its time is over",
          "[sqlite]") {
  sqlite_fixture fixture{{.max = 1, .take_back_after = 50ms}};
  auto db = fixture.pool.acquire(nullptr);
  REQUIRE(db);
  CHECK_THROWS_WITH(
    db->execAndGet("with recursive t(x) as (select 1 union all select x + 1 "
                   "from t) select max(x) from t"),
    Catch::Contains("interrupted"));
  auto next = fixture.pool.acquire(nullptr);
  CHECK(next);
}

TEST_CASE("a file that cannot be opened is told of", "[sqlite]") {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  sqlite_pool pool{sys,
                   {.name = "stock", .connections = {.backoff_initial = 10s}},
                   sqlite{{.file = "/proc/no/such/file"}}};
  auto db = pool.acquire(nullptr);
  CHECK_FALSE(db);
  CHECK(describe(db.error())
        == "stock: no connection can be opened: SQLite::Exception: unable to "
           "open database file");
  pool.stop();
}

TEST_CASE("a bad option for SQLite is refused with field, value and rule",
          "[sqlite]") {
  CHECK(validate(sqlite_options{})
        == "sqlite.file is \"\"; it must be the path of a file");
  CHECK(validate(sqlite_options{.file = "x", .writable = false})
        == "sqlite.create is true; it must be false where writable is");
  CHECK(validate(sqlite_options{.file = "x", .busy_timeout = -1s}).has_value());
  // What SQLite counts in an int would have become "do not wait".
  CHECK(validate(sqlite_options{.file = "x", .busy_timeout = 24h * 365})
        == "sqlite.busy_timeout is 8760h; it must be at least 0ms and at most "
           "576h");
  CHECK_THROWS_AS(sqlite{{}}, std::invalid_argument);
}
