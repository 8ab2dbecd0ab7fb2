#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// Who keeps copies of a database, and how many must have a write before it is
/// acknowledged.
///
/// Immutable after construction.
struct replication_options {
  static constexpr size_t members_max = 9;

  /// The same list, in the same order, everywhere. 1 to `members_max`.
  std::vector<std::string> members;

  /// Of the members that are not the primary so many have a write on disk
  /// before it is acknowledged, beside the primary. At most all of them; with
  /// 0 the loss of the primary loses what it has acknowledged.
  size_t acknowledgements = 2;

  /// How many entries of its log a member keeps. Who lacks more is sent the
  /// whole database. At least `unacknowledged_max` + 1.
  size_t log_max = 10'000;

  /// Of so many entries before those the request ids and answers are
  /// remembered. Who asks again later has it done again.
  size_t remembered_max = 100'000;

  /// So many entries at once at most that are not acknowledged yet; then the
  /// primary refuses writes. At least 1.
  size_t unacknowledged_max = 1000;

  /// So many entries at most go in one message to a member that lacks some.
  size_t batch_max = 100;

  size_t followers() const noexcept { return members.size() - 1; }

  /// So many members have to tell their position before one of them may lead:
  /// at least one of them has whatever was acknowledged.
  size_t told_min() const noexcept { return members.size() - acknowledgements; }

  friend bool operator==(const replication_options&,
                         const replication_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const replication_options& options);

} // namespace bulwark
