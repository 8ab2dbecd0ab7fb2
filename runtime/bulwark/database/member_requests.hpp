#pragma once

#include <bulwark/database/replica_messages.hpp>
#include <bulwark/replication/database_error.hpp>
#include <bulwark/replication/log_position.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

// What a `database_member` can be asked by anybody, also from other nodes:
// `write_request` and `database_read` are answered by a `database_reply`.

/// Asks a member for what it has.
///
/// Immutable after construction.
struct database_read {
  sql_statement query;

  /// A member that has less waits for it, for at most `write_max` of its
  /// options, and then answers `again`.
  log_position not_older{};
};

/// What came of a `write_request` or a `database_read`.
///
/// Immutable after construction.
struct database_reply {
  bool done = false;

  /// Where it is not done: why, and whether it may have been done all the same,
  /// now or later. Ask again under the same id.
  database_error kind = database_error::give_up;
  bool unknown = false;
  std::string error = {};

  std::string answer = {};

  /// Of which state it is.
  log_position where{};

  /// Who leads, as far as the member knows, or "".
  std::string primary = {};
};

/// Asks a member how it is doing.
struct database_status_request {};

/// Its answer.
///
/// Immutable after construction.
struct database_status {
  std::string member;
  std::string primary;

  /// In which epoch it leads; 0: it does not.
  uint64_t leads = 0;

  /// The largest epoch that it knows of, where its log ends, up to which entry
  /// all are acknowledged (where it leads), and how many entries it has dropped
  /// since its start.
  uint64_t promised = 0;
  log_position last{};
  uint64_t acknowledged = 0;
  uint64_t dropped = 0;
};

/// Of an operator: that member is to lead although too few can tell their
/// position. What only the others have is lost. Is answered by a
/// `database_status`, before the others had time to answer.
struct database_force {};

} // namespace bulwark
