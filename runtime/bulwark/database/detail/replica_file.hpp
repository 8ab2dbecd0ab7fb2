#pragma once

#include <bulwark/database/replica_messages.hpp>
#include <bulwark/replication/detail/member_log.hpp>
#include <bulwark/replication/log_entry.hpp>

#include <SQLiteCpp/Database.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// One file of SQLite with the data, the log that led to them, and what its
/// member has promised; each change of one of them is in one transaction with
/// the others. A transaction that was committed is on the disk.
///
/// Confined to one thread.
class replica_file {
public:
  /// Makes the file if it is not there.
  /// @throws replica_error
  explicit replica_file(const std::filesystem::path& file);

  SQLite::Database& database() noexcept { return db_; }

  /// Returns what is in it.
  /// @throws replica_error where an entry is not what its successor says
  member_log read_log(size_t kept_max);

  /// A client's statements: with triggers and foreign keys, which are off when
  /// what came of them elsewhere is applied.
  void obey_rules(bool on);

  // -- within a transaction ---------------------------------------------------

  /// Adds it, in place of what stands there or later; forgets what is before
  /// `base`, of which it remembers the answers of so many entries; keeps the
  /// promise.
  void add(const log_entry& entry, const log_position& base, size_t remembered,
           uint64_t promised);

  void keep_promise(uint64_t promised);

  /// Does what an entry says. Returns false where the data differ.
  bool apply(const log_entry& entry);

  /// Undoes all entries after that one, the last first. Returns false where it
  /// cannot: tables were changed, or the data differ.
  bool undo_after(uint64_t sequence);

  /// Returns the complaint about a table that cannot be replicated, or "".
  std::string fault_of_tables();

  // -- reading ----------------------------------------------------------------

  std::optional<write_answer> find_request(const std::string& request);
  std::vector<log_entry> entries(uint64_t first, size_t count);

  // -- as a whole -------------------------------------------------------------

  /// Returns all of it.
  std::string image();

  /// Replaces all of it, in one transaction.
  void install(std::string image);

private:
  void forget_before(const log_position& base, size_t remembered);

  SQLite::Database db_;
};

} // namespace bulwark::detail
