#pragma once

#include <memory>
#include <string>

struct sqlite3;

namespace bulwark::detail {

/// Records which rows of a connection change, in all tables but those of the
/// replica itself, by SQLite's session extension. It sees tables with a primary
/// key only, and of those no row with a NULL in it.
///
/// Confined to one thread.
class change_recorder {
public:
  /// @throws replica_error
  explicit change_recorder(sqlite3* db);

  /// Returns all changes since construction.
  /// @throws replica_error
  std::string changeset() const;

private:
  struct ender {
    void operator()(void* session) const noexcept;
  };

  std::unique_ptr<void, ender> session_;
};

/// Applies a changeset. Returns false, and changes nothing, where a row is not
/// as it was when the changes were recorded. Within a transaction.
/// @throws replica_error
bool apply_changeset(sqlite3* db, const std::string& changes);

/// Returns the changes that undo those.
/// @throws replica_error
std::string inverted_changeset(const std::string& changes);

} // namespace bulwark::detail
