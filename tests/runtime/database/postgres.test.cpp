// A pool against a real server of PostgreSQL, which is killed, comes back, or
// never answers.

#include "runtime/database/database_fixture.hpp"

#include <catch2/catch.hpp>
#include <pqxx/nontransaction>
#include <pqxx/transaction>

using namespace bulwark;
using namespace std::chrono_literals;
using test::database_fixture;
using test::silent_server;

namespace {

using postgres_pool = connection_pool<postgres>;

int one_more(postgres_connection& db, int x) {
  pqxx::work tx{db};
  return tx.exec1("select 1 + " + std::to_string(x))[0].as<int>();
}

/// Adds one by SQL, in its own thread.
caf::behavior adder(caf::event_based_actor* self, const postgres_pool& pool) {
  self->set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& x) {
    return make_error(errc::service_crashed, describe(x));
  });
  return {[=](int x) -> caf::result<int> {
    auto db = pool.acquire(self);
    if (!db)
      return db.error();
    return one_more(*db, x);
  }};
}

/// All tests share one server; it takes seconds to make one.
test::postgres_server& server() {
  static test::postgres_server result;
  return result;
}

postgres how() {
  return postgres{{server().address()}};
}

} // namespace

TEST_CASE("a service with a thread of its own runs SQL on a pooled connection",
          "[postgres]") {
  database_fixture fixture;
  postgres_pool pool{fixture.system(), fixture.settings({.max = 2}), how()};
  auto service = fixture.spawn(adder, pool);
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.ask(service, i) == std::to_string(i + 1));
  CHECK(pool.counts().opened == 1);
  pool.stop();
}

TEST_CASE("what a service leaves behind is not found by the next one",
          "[postgres]") {
  database_fixture fixture;
  postgres_pool pool{fixture.system(), fixture.settings({.max = 1}), how()};
  try {
    auto db = pool.acquire(nullptr);
    REQUIRE(db);
    pqxx::nontransaction{*db}.exec("begin");
    throw std::runtime_error{"in the middle of a transaction"};
  } catch (const std::runtime_error&) {
  }
  auto db = pool.acquire(nullptr);
  REQUIRE(db);
  CHECK(one_more(*db, 1) == 2);
  CHECK(pool.counts().discarded == 1);
  CHECK(pool.counts().opened == 2);
  db.give_back();
  pool.stop();
}

TEST_CASE("statements end at their limit", "[postgres]") {
  database_fixture fixture;
  postgres_options options{server().address()};
  options.statement_timeout = 50ms;
  postgres_pool pool{fixture.system(), fixture.settings({}), postgres{options}};
  auto db = pool.acquire(nullptr);
  REQUIRE(db);
  pqxx::work tx{*db};
  CHECK_THROWS_WITH(tx.exec("select pg_sleep(60)"),
                    Catch::Contains("statement timeout"));
  tx.abort();
  db.give_back();
  pool.stop();
}

TEST_CASE("a server that is killed and comes back is used again",
          "[postgres]") {
  database_fixture fixture;
  postgres_pool pool{
    fixture.system(),
    fixture.settings({.max = 3, .wait = 500ms, .backoff_max = 200ms}), how()};
  auto service = fixture.spawn(adder, pool);
  {
    // Three of them are open.
    std::vector<postgres_pool::lease> all;
    for (int i = 0; i < 3; ++i)
      all.push_back(pool.acquire(nullptr));
    CHECK(one_more(*all[2], 1) == 2);
  }
  server().kill();
  // Some get a connection that has just died, the others are told in time.
  for (int i = 0; i < 6; ++i)
    CHECK(fixture.ask(fixture.spawn(adder, pool), i) != std::to_string(i + 1));
  fixture.await(event_kind::connection_lost);
  server().start();
  fixture.await(event_kind::connection_restored);
  auto again = fixture.spawn(adder, pool);
  for (int i = 0; i < 20; ++i)
    CHECK(fixture.ask(again, i) == std::to_string(i + 1));
  CHECK(pool.counts().leased == 0);
  pool.stop();
}

TEST_CASE("a listener that never answers holds up neither askers nor others",
          "[postgres]") {
  database_fixture fixture;
  silent_server silent;
  postgres_pool hung{fixture.system(),
                     fixture.settings({.wait = 100ms, .open_timeout = 200ms}),
                     postgres{{silent.address()}}};
  postgres_pool good{fixture.system(), fixture.settings({}), how()};
  auto stuck = fixture.spawn(adder, hung);
  auto fine = fixture.spawn(adder, good);
  for (int i = 0; i < 10; ++i) {
    CHECK(fixture.ask(stuck, i).starts_with("db: no connection c"));
    CHECK(fixture.ask(fine, i) == std::to_string(i + 1));
  }
  CHECK(hung.counts().abandoned <= connection_options{}.abandoned_max);
  hung.stop();
  good.stop();
}

TEST_CASE("who hangs in the server is woken when its time is over",
          "[postgres]") {
  database_fixture fixture;
  // Long enough for the next borrower, on a machine that does other things.
  postgres_pool pool{
    fixture.system(),
    fixture.settings({.max = 1, .leak_after = 500ms, .take_back_after = 1s}),
    how()};
  auto db = pool.acquire(nullptr, {.consumer = "reports"});
  REQUIRE(db);
  pqxx::nontransaction tx{*db};
  CHECK_THROWS_AS(tx.exec("select pg_sleep(600)"), pqxx::failure);
  auto leak = fixture.await(event_kind::connection_leaked);
  CHECK(leak.metadata[0].second == "reports");
  fixture.await(event_kind::lease_expired);
  auto next = pool.acquire(nullptr);
  REQUIRE(next);
  CHECK(one_more(*next, 1) == 2);
  next.give_back();
  pool.stop();
}

TEST_CASE("a bad option for PostgreSQL is refused with field, value and rule",
          "[postgres]") {
  CHECK(validate(postgres_options{})
        == "postgres.connection is \"\"; it must be text that libpq "
           "understands");
  CHECK(validate(postgres_options{.connection = "x", .connect_timeout = 0s})
          .has_value());
  CHECK(validate(postgres_options{.connection = "x", .network_timeout = 0s})
          .has_value());
  using po = postgres_options;
  for (auto field : {&po::connect_timeout, &po::statement_timeout,
                     &po::transaction_idle_timeout, &po::network_timeout})
    for (auto value : {po::timeout_max + 1ns, bulwark::duration::max(),
                       bulwark::duration{-1}}) {
      po options{.connection = "x"};
      options.*field = value;
      CHECK(validate(options).has_value());
    }
  CHECK_THROWS_AS(postgres{{""}}, std::invalid_argument);
  CHECK(connection_text({.connection = "host=x", .application = "it's"})
        == " connect_timeout='4' tcp_user_timeout='10000' keepalives='1' "
           "keepalives_idle='5' keepalives_interval='1' keepalives_count='3' "
           "application_name='it\\'s' options=' -c statement_timeout=30000 -c "
           "idle_in_transaction_session_timeout=300000' host=x");
}
