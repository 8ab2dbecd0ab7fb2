#pragma once

#include <bulwark/replication/log_entry.hpp>
#include <bulwark/replication/log_position.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// One statement of SQL, and what stands for its question marks: texts, which
/// SQLite turns into what a column holds.
///
/// Immutable after construction.
struct sql_statement {
  std::string sql;
  std::vector<std::string> values = {};
};

/// What a client wants to be changed, in one transaction.
///
/// Immutable after construction.
struct write_request {
  /// Another attempt has the same id: it changes nothing more, and gets the
  /// same answer. Remembered as `replication_options` says. "": each
  /// attempt is a write of its own.
  std::string id;

  std::vector<sql_statement> statements;

  /// The statements change tables, not rows, and have no values.
  bool schema = false;
};

/// What came of it at the primary.
struct write_answer {
  /// It may be told to the client once this is acknowledged. Without a checksum
  /// where it is `repeated`.
  log_position where;

  /// What the last statement returned: columns apart by "|", rows by line
  /// feeds; where it returns nothing, how many rows it changed.
  std::string answer;

  /// It had been done before.
  bool repeated = false;
};

/// What was read, and of which state.
struct read_answer {
  std::string answer;
  log_position where;
};

/// What a primary sends another member: entries, or a whole database.
///
/// Immutable after construction.
struct replica_shipment {
  uint64_t epoch = 0;
  std::vector<log_entry> entries = {};
  std::string image = {};

  /// Of `image`.
  log_position where = {};
};

} // namespace bulwark
