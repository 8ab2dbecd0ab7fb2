#include <bulwark/database/detail/statement_guard.hpp>

#include <string_view>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

bool reads(int action) {
  return action == SQLITE_SELECT || action == SQLITE_READ
         || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
}

bool changes_rows(int action) {
  return action == SQLITE_INSERT || action == SQLITE_UPDATE
         || action == SQLITE_DELETE;
}

bool never_allowed(int action) {
  return action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT
         || action == SQLITE_ATTACH || action == SQLITE_DETACH
         || action == SQLITE_PRAGMA || action == SQLITE_CREATE_VTABLE
         || action == SQLITE_DROP_VTABLE;
}

} // namespace

statement_guard::statement_guard(sqlite3* db, statement_kind allowed)
  : db_(db), allowed_(allowed) {
  sqlite3_set_authorizer(db_, decide, this);
}

statement_guard::~statement_guard() {
  sqlite3_set_authorizer(db_, nullptr, nullptr);
}

int statement_guard::decide(void* self, int action, const char* a, const char*,
                            const char*, const char*) {
  auto& it = *static_cast<statement_guard*>(self);
  auto fault = it.fault_of(action, a);
  if (fault.empty())
    return SQLITE_OK;
  it.reason_ = fault;
  return SQLITE_DENY;
}

std::string statement_guard::fault_of(int action, const char* table) {
  std::string_view name = table == nullptr ? "" : table;
  if (never_allowed(action))
    return "transactions, pragmas, attached and virtual tables are the "
           "replica's own business";
  if (reads(action))
    return "";
  if (name.starts_with("bulwark_"))
    return "tables whose names begin with bulwark_ are the replica's own";
  if (allowed_ == statement_kind::read)
    return "a read changes nothing; send it as a write";
  auto of_schema = name.starts_with("sqlite_");
  if (action == SQLITE_DROP_TABLE)
    drops_ = true;
  if (allowed_ == statement_kind::change)
    return changes_rows(action) && !of_schema
             ? ""
             : "tables are changed by an entry of their own; send it as a "
               "change of the schema";
  // To drop a table is to delete its rows, for SQLite.
  if (changes_rows(action) && !of_schema
      && !(drops_ && action == SQLITE_DELETE))
    return "a change of the schema changes no rows; send those as a write";
  return "";
}

} // namespace bulwark::detail
