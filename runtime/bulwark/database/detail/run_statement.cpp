#include <bulwark/database/detail/run_statement.hpp>
#include <bulwark/database/replica_error.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <string_view>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

constexpr size_t answer_max = 1 << 20;

/// @throws replica_error if more than one statement stands there: SQLite would
/// run the first one only
void require_single(SQLite::Database& db, const std::string& sql) {
  sqlite3_stmt* first = nullptr;
  const char* rest = nullptr;
  auto code =
    sqlite3_prepare_v2(db.getHandle(), sql.c_str(), -1, &first, &rest);
  sqlite3_finalize(first);
  if (code == SQLITE_OK
      && std::string_view{rest}.find_first_not_of(" \t\r\n;")
           != std::string_view::npos)
    throw replica_error{database_error::give_up,
                        "more than one statement: " + sql
                          + "; send each by itself"};
}

/// Reads the text of a client's statement, which may do no more than is
/// allowed.
SQLite::Statement prepared(SQLite::Database& db, const std::string& sql,
                           statement_kind allowed) {
  // Not while it runs: the session extension uses statements of its own.
  statement_guard guard{db.getHandle(), allowed};
  require_single(db, sql);
  try {
    return {db, sql};
  } catch (const SQLite::Exception&) {
    if (guard.reason().empty())
      throw;
    throw replica_error{database_error::give_up, guard.reason()};
  }
}

} // namespace

std::string run_statement(SQLite::Database& db, const sql_statement& what,
                          statement_kind allowed) {
  auto statement = prepared(db, what.sql, allowed);
  for (size_t i = 0; i < what.values.size(); ++i)
    statement.bind(static_cast<int>(i + 1), what.values[i]);
  if (statement.getColumnCount() == 0)
    return std::to_string(statement.exec());
  std::string result;
  while (statement.executeStep()) {
    if (!result.empty())
      result += '\n';
    for (int i = 0; i < statement.getColumnCount(); ++i)
      result += (i == 0 ? "" : "|") + statement.getColumn(i).getString();
    if (result.size() > answer_max)
      throw replica_error{database_error::give_up,
                          "the answer is longer than 1 MiB; ask for less"};
  }
  return result;
}

} // namespace bulwark::detail
