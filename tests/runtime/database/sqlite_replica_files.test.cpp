// What a replica finds in its file, and what it does where that is not what
// should be there.
#include "runtime/database/replica_group.hpp"

#include <bulwark/replication/database_error.hpp>

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include <sqlite3.h>

using namespace bulwark;
using detail::promotion_verdict;
using test::replica_group;

namespace {

constexpr auto all_notes = "select * from note order by id";

/// The first leads, and there are five notes.
void fill_notes(replica_group& group) {
  group.promote(0);
  group.change_schema(0,
                      "create table note (id integer primary key, text text)");
  for (int i = 1; i <= 5; ++i)
    group.write(0, "insert into note values (" + std::to_string(i) + ", 'x')");
}

void change_by_hand(const std::filesystem::path& file, const char* sql) {
  SQLite::Database{file.string(), SQLite::OPEN_READWRITE}.exec(sql);
}

} // namespace

TEST_CASE("a replica comes back with its log and its promise", "[replica]") {
  replica_group it{replica_group::options_of(3)};
  fill_notes(it);
  auto last = it.at(1).last();
  it.at(1).ask(77);
  it.start(1);
  CHECK(it.at(1).last() == last);
  CHECK(it.at(1).promised() == 77);
  CHECK(it.at(1).take(it.at(0).newest()).verdict
        == detail::offer_verdict::fenced);
}

TEST_CASE("who lacks a little gets entries, who lacks much the whole database",
          "[replica]") {
  auto options = replica_group::options_of(3);
  options.unacknowledged_max = 1;
  options.log_max = 4;
  options.batch_max = 2;
  replica_group it{options};
  fill_notes(it);
  it.lose(2);
  auto writes = GENERATE(3, 4, 5, 20);
  CAPTURE(writes);
  for (int i = 0; i < writes; ++i)
    it.write(0, "update note set text = text || 'y'", std::to_string(i));
  it.start(2);
  it.spread(0);
  CHECK(it.at(2).last() == it.at(0).last());
  CHECK(it.read(2, all_notes) == it.read(0, all_notes));
  // And goes on from there, also as the primary.
  it.write(0, "delete from note where id = 1");
  it.lose(0);
  REQUIRE(it.promote(2) == promotion_verdict::lead);
  CHECK(it.at(2).write({std::to_string(writes - 1), {{"select 1"}}}).repeated);
  // Also what the log has forgotten.
  CHECK(it.at(2).write({"0", {{"select 1"}}}).repeated);
  it.write(2, "delete from note where id = 2");
  it.start(0);
  it.spread(2);
  it.spread(2);
  for (size_t i = 0; i < 2; ++i)
    CHECK(it.read(i, all_notes) == it.read(2, all_notes));
}

TEST_CASE("data that differ are found when they matter, and sent whole",
          "[replica]") {
  replica_group it{replica_group::options_of(3)};
  fill_notes(it);
  it.lose(1);
  change_by_hand(it.file_of(1), "update note set text = 'forged'");
  it.start(1);
  it.write(0, "update note set text = 'z' where id = 3");
  CHECK(it.read(1, all_notes) == it.read(0, all_notes));
  CHECK(it.at(1).last() == it.at(0).last());
}

TEST_CASE("a log that was changed by hand is not read", "[replica]") {
  replica_group it{replica_group::options_of(3)};
  fill_notes(it);
  it.lose(1);
  auto sql = GENERATE("delete from bulwark_log where sequence = 3",
                      "update bulwark_log set answer = '9' where sequence = 3",
                      "update bulwark_log set epoch = 2 where sequence = 3",
                      "update bulwark_log set content = x'00' "
                      "where sequence = 3");
  change_by_hand(it.file_of(1), sql);
  CHECK_THROWS_WITH(it.start(1),
                    Catch::Matchers::StartsWith("the log is damaged"));
  std::filesystem::remove(it.file_of(1));
  it.start(1);
  it.spread(0);
  CHECK(it.read(1, all_notes) == it.read(0, all_notes));
}

TEST_CASE("a file that is no database is a node that failed", "[replica]") {
  replica_group it{replica_group::options_of(1)};
  it.lose(0);
  std::filesystem::remove(it.file_of(0));
  std::ofstream{it.file_of(0)} << std::string(8192, 'x');
  try {
    it.start(0);
    FAIL("it was opened");
  } catch (const replica_error& e) {
    CHECK(e.kind() == database_error::node_failed);
  }
}

TEST_CASE("SQLite's codes are the ones that core knows", "[replica]") {
  auto [code, expected] = GENERATE(table<int, database_error>({
    {SQLITE_IOERR, database_error::node_failed},
    {SQLITE_IOERR_FSYNC, database_error::node_failed},
    {SQLITE_CORRUPT, database_error::node_failed},
    {SQLITE_CORRUPT_INDEX, database_error::node_failed},
    {SQLITE_FULL, database_error::node_failed},
    {SQLITE_CANTOPEN, database_error::node_failed},
    {SQLITE_NOTADB, database_error::node_failed},
    {SQLITE_BUSY, database_error::again},
    {SQLITE_BUSY_SNAPSHOT, database_error::again},
    {SQLITE_LOCKED, database_error::again},
    {SQLITE_PROTOCOL, database_error::again},
    {SQLITE_INTERRUPT, database_error::again},
    {SQLITE_READONLY, database_error::not_primary},
    {SQLITE_NOMEM, database_error::degraded},
    {SQLITE_CONSTRAINT, database_error::give_up},
    {SQLITE_CONSTRAINT_UNIQUE, database_error::give_up},
    {SQLITE_ERROR, database_error::give_up},
    {SQLITE_MISMATCH, database_error::give_up},
    {SQLITE_TOOBIG, database_error::give_up},
  }));
  CAPTURE(code);
  CHECK(to_string(classify_sqlite(code)) == to_string(expected));
}
