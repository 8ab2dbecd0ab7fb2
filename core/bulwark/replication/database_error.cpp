#include <bulwark/replication/database_error.hpp>

namespace bulwark {

namespace {

// Core does not include sqlite3.h; these numbers are part of its file format
// of promises ("result codes do not change"), and a test of runtime compares.
enum sqlite_code : int {
  sqlite_busy = 5,
  sqlite_locked = 6,
  sqlite_nomem = 7,
  sqlite_readonly = 8,
  sqlite_interrupt = 9,
  sqlite_ioerr = 10,
  sqlite_corrupt = 11,
  sqlite_full = 13,
  sqlite_cantopen = 14,
  sqlite_protocol = 15,
  sqlite_notadb = 26,
};

} // namespace

std::string to_string(database_error what) {
  switch (what) {
  case database_error::node_failed:
    return "node_failed";
  case database_error::again:
    return "again";
  case database_error::not_primary:
    return "not_primary";
  case database_error::degraded:
    return "degraded";
  case database_error::give_up:
    return "give_up";
  }
  return "database_error(" + std::to_string(static_cast<int>(what)) + ")";
}

database_error classify_sqlstate(std::string_view state) noexcept {
  if (state.empty() || state == "57P01" || state == "57P02" || state == "57P03"
      || state == "57P05")
    return database_error::node_failed;
  if (state == "40001" || state == "40P01" || state == "55P03")
    return database_error::again;
  if (state == "25006")
    return database_error::not_primary;
  auto kind = state.substr(0, 2);
  if (kind == "08" || kind == "58" || kind == "XX")
    return database_error::node_failed;
  if (kind == "53")
    return database_error::degraded;
  return database_error::give_up;
}

database_error classify_sqlite(int code) noexcept {
  switch (code & 0xff) {
  case sqlite_ioerr:
  case sqlite_corrupt:
  case sqlite_full:
  case sqlite_cantopen:
  case sqlite_notadb:
    return database_error::node_failed;
  case sqlite_busy:
  case sqlite_locked:
  case sqlite_protocol:
  case sqlite_interrupt:
    return database_error::again;
  case sqlite_readonly:
    return database_error::not_primary;
  case sqlite_nomem:
    return database_error::degraded;
  default:
    return database_error::give_up;
  }
}

} // namespace bulwark
