#include "runtime/database/replica_group.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using detail::promotion_verdict;
using test::replica_group;

namespace {

constexpr auto accounts =
  "create table account (id integer primary key, n integer not null)";
constexpr auto all_accounts = "select * from account order by id";

/// The first leads, and there are accounts.
struct bank : replica_group {
  explicit bank(replication_options options = options_of(3))
    : replica_group(std::move(options)) {
    promote(0);
    change_schema(0, accounts);
    write(0, "insert into account values (1, 100), (2, 200)");
  }

  bool same_everywhere(size_t members = 3) {
    for (size_t i = 1; i < members; ++i)
      if (read(i, all_accounts) != read(0, all_accounts)
          || at(i).last() != at(0).last())
        return false;
    return true;
  }
};

} // namespace

TEST_CASE("what the primary writes is on all others, chance included",
          "[replica]") {
  bank it;
  CHECK(it.write(0, "update account set n = random()") == "2");
  CHECK(it.write(0, "delete from account where id = 2 returning id") == "2");
  CHECK(it.same_everywhere());
  CHECK(it.at(0).acknowledged() == it.at(0).last().sequence);
  CHECK(it.at(0).read({"select n from account where id = ?", {"1"}}).where
        == it.at(2).last());
}

TEST_CASE("what triggers and foreign keys do comes to the others once",
          "[replica]") {
  bank it;
  it.change_schema(0, "create table note (id integer primary key, account "
                      "integer references account on delete cascade)");
  it.change_schema(0, "create trigger noted after update on account begin "
                      "insert into note (account) values (new.id); end");
  it.write(0, "update account set n = n + 1");
  it.write(0, "delete from account where id = 1");
  for (size_t i = 0; i < 3; ++i) {
    CHECK(it.read(i, "select account from note") == "2");
    CHECK(it.at(i).last() == it.at(0).last());
  }
}

TEST_CASE("a request that is repeated changes nothing more and has its answer, "
          "at the next primary too",
          "[replica]") {
  bank it;
  auto add = "update account set n = n + 1 where id = 1 returning n";
  CHECK(it.write(0, add, "request-7") == "101");
  CHECK(it.write(0, add, "request-7") == "101");
  it.lose(0);
  REQUIRE(it.promote(1) == promotion_verdict::lead);
  auto again = it.at(1).write({"request-7", {{add}}});
  CHECK(again.answer == "101");
  CHECK(again.repeated);
  CHECK(it.read(1, all_accounts) == "1|101\n2|200");
  CHECK(it.write(1, add, "request-8") == "102");
}

TEST_CASE("a table whose rows cannot be replicated is refused", "[replica]") {
  bank it;
  auto [sql, complaint] = GENERATE(table<std::string, std::string>({
    {"create table t (a)",
     "give_up: the table t has no primary key, so its rows cannot be "
     "replicated; declare one"},
    {"create table t (a text primary key)",
     "give_up: the primary key of the table t may be NULL, and such rows "
     "cannot be replicated; declare it NOT NULL"},
    {"create table t (a integer, b integer, primary key (a, b))",
     "give_up: the primary key of the table t may be NULL, and such rows "
     "cannot be replicated; declare it NOT NULL"},
    {"create table t as select * from account",
     "give_up: the table t has no primary key, so its rows cannot be "
     "replicated; declare one"},
  }));
  auto before = it.at(0).last();
  CHECK(it.fault(0, {"", {{sql}}, true}) == complaint);
  CHECK(it.at(0).last() == before);
  CHECK(it.read(0, "select count(*) from sqlite_master where name = 't'")
        == "0");
  CHECK(it.fault(0, {"",
                     {{"create table t (a text not null, b integer not "
                       "null, primary key (a, b))"}},
                     true})
        == "");
}

TEST_CASE("statements do what they were sent for, and nothing else",
          "[replica]") {
  bank it;
  auto schema = GENERATE(false, true);
  auto sql = GENERATE(as<std::string>{}, "commit", "rollback", "savepoint s",
                      "pragma synchronous = off", "attach ':memory:' as other",
                      "update bulwark_state set promised = 0",
                      "delete from bulwark_log", "drop table bulwark_log",
                      "create table bulwark_x (id integer primary key)",
                      "insert into sqlite_master (name) values ('x')",
                      "create virtual table v using fts5(x)");
  auto before = it.at(0).last();
  CAPTURE(sql, schema);
  CHECK_THAT(it.fault(0, {"", {{"select 1"}, {sql}}, schema}),
             Catch::Matchers::StartsWith("give_up: "));
  CHECK(it.at(0).last() == before);
  it.write(0, "update account set n = 0");
  CHECK(it.same_everywhere());
}

TEST_CASE("an entry changes tables or rows", "[replica]") {
  bank it;
  CHECK(it.fault(0, {"", {{"drop table account"}}})
        == "give_up: tables are changed by an entry of their own; send it as a "
           "change of the schema");
  CHECK(it.fault(0, {"", {{"delete from account"}}, true})
        == "give_up: a change of the schema changes no rows; send those as a "
           "write");
  CHECK(it.fault(0, {"", {{"drop table account"}}, true}) == "");
  CHECK_THROWS_WITH(it.read(1, "delete from account"),
                    "a read changes nothing; send it as a write");
}

TEST_CASE("of several statements in one text none is run", "[replica]") {
  bank it;
  CHECK(it.fault(0, {"", {{"select 1; delete from account"}}})
        == "give_up: more than one statement: select 1; delete from account; "
           "send each by itself");
  CHECK(it.write(0, "delete from account ;\n") == "2");
}

TEST_CASE("who is not the primary takes no writes", "[replica]") {
  bank it;
  CHECK(it.fault(1, {"", {{"delete from account"}}})
        == "not_primary: b is not the primary");
}

TEST_CASE("a write that breaks a rule of its table changes nothing, and the "
          "node is fine",
          "[replica]") {
  bank it;
  auto before = it.at(0).last();
  CHECK_THAT(it.fault(0, {"r",
                          {{"update account set n = 0"},
                           {"insert into account values (1, 1)"}}}),
             Catch::Matchers::StartsWith("give_up: UNIQUE constraint failed"));
  CHECK(it.at(0).last() == before);
  CHECK(it.read(0, all_accounts) == "1|100\n2|200");
  it.write(0, "update account set n = 1", "r");
  CHECK(it.same_everywhere());
}

TEST_CASE("as many writes as may wait for others wait, and no more",
          "[replica]") {
  auto options = replica_group::options_of(3);
  options.unacknowledged_max = 2;
  bank it{options};
  it.lose(1);
  it.lose(2);
  it.write(0, "update account set n = 1");
  it.write(0, "update account set n = 2");
  CHECK(it.fault(0, {"", {{"update account set n = 3"}}})
        == "degraded: 2 writes wait for other members; try later");
  it.start(1);
  it.spread(0);
  CHECK(it.write(0, "update account set n = 3") == "2");
}

TEST_CASE("a primary that comes back drops what was not acknowledged",
          "[replica]") {
  bank it;
  auto schema = GENERATE(false, true);
  // Nobody hears of it.
  it.at(0).write({"lost", {{"update account set n = 0"}}});
  it.at(0).write({"lost too", {{"delete from account where id = 1"}}});
  if (schema)
    it.at(0).write({"", {{"drop table account"}}, true});
  it.lose(0);
  REQUIRE(it.promote(1) == promotion_verdict::lead);
  it.write(1, "update account set n = n + 1");
  it.start(0);
  CHECK(it.at(0).leads() == 0);
  it.spread(1);
  CHECK(it.at(0).dropped() == (schema ? 3 : 2));
  CHECK(it.read(0, all_accounts) == "1|101\n2|201");
  CHECK(it.same_everywhere());
  CHECK_FALSE(it.at(1).write({"lost", {{"select 1"}}}).repeated);
}

TEST_CASE("a primary that was replaced acknowledges nothing", "[replica]") {
  bank it;
  // It hears nothing of the promotion: it sleeps.
  auto epoch = it.at(1).begin_attempt();
  it.at(1).on_told(2, epoch, it.at(2).ask(epoch));
  REQUIRE(it.at(1).lead() == promotion_verdict::lead);
  auto before = it.at(0).acknowledged();
  it.at(0).write({"late", {{"update account set n = 0"}}});
  auto shipment = it.at(0).newest();
  auto answer = it.at(2).take(shipment);
  CHECK(answer.verdict == detail::offer_verdict::fenced);
  CHECK(it.at(0).acknowledged() == before);
  CHECK_FALSE(it.at(0).on_answer(2, shipment.epoch, answer));
  CHECK(it.at(0).leads() == 0);
  CHECK(it.fault(0, {"", {{"select 1"}}})
        == "not_primary: a is not the "
           "primary");
}

TEST_CASE("with too few positions nobody leads, unless it is forced",
          "[replica]") {
  bank it;
  it.lose(0);
  it.lose(2);
  CHECK(it.promote(1) == promotion_verdict::too_few);
  CHECK(it.at(1).attempt().missing() == std::vector<size_t>{0, 2});
  CHECK(it.fault(1, {"", {{"select 1"}}})
        == "not_primary: b is not the "
           "primary");
  CHECK(it.promote(1, true) == promotion_verdict::lead);
}
