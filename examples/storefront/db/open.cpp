#include "db/open.hpp"

namespace storefront {

namespace {

/// Another replica of the same service may be writing; in milliseconds.
constexpr int busy_timeout = 3000;

} // namespace

SQLite::Database open_database(const database& owner, const char* schema) {
  SQLite::Database db{owner->file().string(),
                      SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                      busy_timeout};
  db.exec("pragma journal_mode = wal; pragma synchronous = full;"
          "pragma foreign_keys = on");
  auto change = begin(db);
  db.exec(schema);
  change.commit();
  return db;
}

} // namespace storefront
