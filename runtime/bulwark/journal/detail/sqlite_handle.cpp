#include <bulwark/journal/detail/sqlite_handle.hpp>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

[[noreturn]] void fail(sqlite3* connection, int code) {
  auto text = std::string{sqlite3_errstr(code)};
  if (connection != nullptr) {
    code = sqlite3_extended_errcode(connection);
    text = sqlite3_errmsg(connection);
  }
  throw sqlite_fault{code, text};
}

} // namespace

sqlite_fault::sqlite_fault(int code, const std::string& text)
  : journal_error(text + " (SQLite " + std::to_string(code) + ")"),
    code_(code) {}

bool sqlite_fault::is_corrupt() const noexcept {
  auto primary = code_ & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

bool sqlite_fault::is_busy() const noexcept {
  auto primary = code_ & 0xff;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
}

void sqlite_statement::finalize::operator()(sqlite3_stmt* what) const noexcept {
  sqlite3_finalize(what);
}

sqlite_statement::sqlite_statement(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* result = nullptr;
  auto code =
    sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                       SQLITE_PREPARE_PERSISTENT, &result, nullptr);
  handle_.reset(result);
  if (code != SQLITE_OK)
    fail(connection, code);
}

void sqlite_statement::check(int code) const {
  if (code != SQLITE_OK)
    fail(sqlite3_db_handle(handle_.get()), code);
}

void sqlite_statement::bind(int index, int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
}

void sqlite_statement::bind(int index, std::string_view value) {
  // A text without a pointer would be null.
  const auto* data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_text(handle_.get(), index, data,
                          static_cast<int>(value.size()), SQLITE_STATIC));
}

void sqlite_statement::bind(int index, wall_time value) {
  bind(index, int64_t{value.time_since_epoch().count()});
}

void sqlite_statement::bind_null(int index) {
  check(sqlite3_bind_null(handle_.get(), index));
}

bool sqlite_statement::step() {
  auto code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  try {
    fail(sqlite3_db_handle(handle_.get()), code);
  } catch (...) {
    reset();
    throw;
  }
}

void sqlite_statement::run() {
  while (step())
    continue;
  reset();
}

void sqlite_statement::reset() noexcept {
  sqlite3_reset(handle_.get());
}

int64_t sqlite_statement::number(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

wall_time sqlite_statement::time(int column) const noexcept {
  return wall_time{wall_time::duration{number(column)}};
}

std::string_view sqlite_statement::text(int column) const noexcept {
  const auto* data = sqlite3_column_text(handle_.get(), column);
  auto size = sqlite3_column_bytes(handle_.get(), column);
  if (data == nullptr)
    return {};
  return {reinterpret_cast<const char*>(data), static_cast<size_t>(size)};
}

bool sqlite_statement::is_null(int column) const noexcept {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

void sqlite_handle::close::operator()(sqlite3* what) const noexcept {
  sqlite3_close_v2(what);
}

sqlite_handle::sqlite_handle(const std::filesystem::path& file, int flags,
                             const std::string& vfs) {
  sqlite3* result = nullptr;
  auto code =
    sqlite3_open_v2(file.c_str(), &result, flags | SQLITE_OPEN_NOMUTEX,
                    vfs.empty() ? nullptr : vfs.c_str());
  handle_.reset(result);
  if (code != SQLITE_OK)
    fail(result, code);
  sqlite3_extended_result_codes(result, 1);
  sqlite3_busy_timeout(result, 1'000);
}

void sqlite_handle::run(const std::string& sql) {
  auto code =
    sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    fail(handle_.get(), code);
}

int64_t sqlite_handle::number(std::string_view sql) const {
  auto query = prepare(sql);
  return query.step() ? query.number(0) : 0;
}

int64_t sqlite_handle::changes() const noexcept {
  return sqlite3_changes64(handle_.get());
}

bool sqlite_handle::checkpoint(bool truncate) {
  auto code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr,
                                        truncate ? SQLITE_CHECKPOINT_TRUNCATE
                                                 : SQLITE_CHECKPOINT_PASSIVE,
                                        nullptr, nullptr);
  if ((code & 0xff) == SQLITE_BUSY)
    return false;
  if (code != SQLITE_OK)
    fail(handle_.get(), code);
  return true;
}

} // namespace bulwark::detail
