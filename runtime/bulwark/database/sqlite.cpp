#include <bulwark/database/sqlite.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <stdexcept>
#include <utility>

#include <sqlite3.h>

namespace bulwark {

using namespace option_checks;

complaint validate(const sqlite_options& o) {
  if (o.file.empty())
    return said("sqlite.file", "\"\"", "the path of a file");
  if (o.create && !o.writable)
    return said("sqlite.create", "true", "false where writable is");
  return within("sqlite.busy_timeout", o.busy_timeout, duration::zero(),
                sqlite_options::busy_timeout_max);
}

sqlite::sqlite(sqlite_options options) : options_(std::move(options)) {
  if (auto bad = bulwark::validate(options_))
    throw std::invalid_argument{*bad};
}

std::unique_ptr<SQLite::Database> sqlite::open() const {
  auto flags =
    options_.writable ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY;
  if (options_.create)
    flags |= SQLite::OPEN_CREATE;
  auto busy =
    std::chrono::ceil<std::chrono::milliseconds>(options_.busy_timeout);
  auto result = std::make_unique<SQLite::Database>(
    options_.file.string(), flags, static_cast<int>(busy.count()));
  if (options_.writable)
    result->exec("pragma journal_mode = wal; pragma synchronous = full");
  result->exec("pragma foreign_keys = on");
  if (!options_.setup.empty())
    result->exec(options_.setup);
  return result;
}

bool sqlite::validate(connection& what) const {
  if (sqlite3_get_autocommit(what.getHandle()) == 0)
    return false;
  what.execAndGet("select count(*) from sqlite_master");
  return true;
}

void sqlite::interrupt(connection& what) const noexcept {
  sqlite3_interrupt(what.getHandle());
}

} // namespace bulwark
