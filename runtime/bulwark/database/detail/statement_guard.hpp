#pragma once

#include <string>

struct sqlite3;

namespace bulwark::detail {

/// What statements may do.
enum class statement_kind { read, change, schema };

/// While it lives, statements that would do anything else cannot be prepared:
/// no client may end the transaction that its changes and their position are
/// in, touch the replica's own tables, or change in one entry both tables and
/// rows, of which only one is shipped.
///
/// Confined to one thread.
class statement_guard {
public:
  statement_guard(sqlite3* db, statement_kind allowed);
  statement_guard(const statement_guard&) = delete;
  statement_guard& operator=(const statement_guard&) = delete;
  ~statement_guard();

  /// Why the last statement was refused, or "".
  const std::string& reason() const noexcept { return reason_; }

private:
  static int decide(void* self, int action, const char* a, const char* b,
                    const char* database, const char* trigger);
  std::string fault_of(int action, const char* table);

  sqlite3* db_;
  statement_kind allowed_;
  bool drops_ = false;
  std::string reason_;
};

} // namespace bulwark::detail
