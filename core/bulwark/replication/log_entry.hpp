#pragma once

#include <bulwark/replication/log_position.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// What an entry of the log does.
enum class entry_kind : uint8_t {
  /// The first of its epoch; changes no data.
  opening = 1,
  /// Changes rows.
  change,
  /// Changes tables.
  schema,
};

/// Returns the name of `kind` as written above.
std::string to_string(entry_kind kind);

/// One step from one state of a replicated database to the next one.
///
/// Immutable after construction.
struct log_entry {
  uint64_t epoch = 0;
  uint64_t sequence = 0;

  /// The checksum of the entry before; 0 for the first.
  uint64_t predecessor = 0;

  entry_kind kind = entry_kind::change;

  /// By what a client asks again: the same id gets the same answer.
  std::string request = {};
  std::string answer = {};

  /// A changeset, or the text of statements.
  std::string content = {};

  friend bool operator==(const log_entry&, const log_entry&) = default;
};

/// Returns where it stands, with the checksum of all that is in it.
log_position position_of(const log_entry& entry) noexcept;

} // namespace bulwark
