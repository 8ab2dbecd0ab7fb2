#include <bulwark/database/detail/changeset.hpp>
#include <bulwark/database/replica_error.hpp>

#include <string_view>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

void require_ok(int code, const char* what) {
  if (code != SQLITE_OK)
    throw replica_error{classify_sqlite(code),
                        std::string{what} + ": " + sqlite3_errstr(code)};
}

int is_recorded(void*, const char* table) {
  return !std::string_view{table}.starts_with("bulwark_");
}

int no_conflict(void*, int, sqlite3_changeset_iter*) {
  return SQLITE_CHANGESET_ABORT;
}

struct sqlite_memory {
  sqlite_memory() = default;
  sqlite_memory(const sqlite_memory&) = delete;
  sqlite_memory& operator=(const sqlite_memory&) = delete;
  ~sqlite_memory() { sqlite3_free(data); }

  std::string text() const {
    return {static_cast<const char*>(data), static_cast<size_t>(size)};
  }

  void* data = nullptr;
  int size = 0;
};

// SQLite reads the bytes and never writes them.
void* bytes_of(const std::string& text) {
  return const_cast<char*>(text.data());
}

} // namespace

void change_recorder::ender::operator()(void* session) const noexcept {
  sqlite3session_delete(static_cast<sqlite3_session*>(session));
}

change_recorder::change_recorder(sqlite3* db) {
  sqlite3_session* session = nullptr;
  require_ok(sqlite3session_create(db, "main", &session), "a session");
  session_.reset(session);
  sqlite3session_table_filter(session, is_recorded, nullptr);
  require_ok(sqlite3session_attach(session, nullptr), "a session of tables");
}

std::string change_recorder::changeset() const {
  sqlite_memory result;
  auto* session = static_cast<sqlite3_session*>(session_.get());
  require_ok(sqlite3session_changeset(session, &result.size, &result.data),
             "a changeset");
  return result.text();
}

bool apply_changeset(sqlite3* db, const std::string& changes) {
  if (changes.empty())
    return true;
  auto code =
    sqlite3changeset_apply(db, static_cast<int>(changes.size()),
                           bytes_of(changes), nullptr, no_conflict, nullptr);
  if (code == SQLITE_ABORT || code == SQLITE_SCHEMA)
    return false;
  require_ok(code, "applying a changeset");
  return true;
}

std::string inverted_changeset(const std::string& changes) {
  sqlite_memory result;
  require_ok(sqlite3changeset_invert(static_cast<int>(changes.size()),
                                     bytes_of(changes), &result.size,
                                     &result.data),
             "inverting a changeset");
  return result.text();
}

} // namespace bulwark::detail
