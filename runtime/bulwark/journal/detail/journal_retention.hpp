#pragma once

#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>

namespace bulwark::detail {

/// What of a journal is kept.
struct retention_limits {
  /// Events with an earlier ledger time are removed.
  wall_time oldest{};

  /// Bytes of the file in use, beyond which events are removed.
  uint64_t size_max = 0;
};

/// Removes events in small steps: too old ones, then, while the file is too
/// large, the oldest changes, and only where there are none the oldest
/// failures and recoveries. Kinds that this version does not know are kept as
/// long as those. The newest event is always kept, so that no row's number is
/// given again. Positions stay.
///
/// Confined to one thread.
class journal_retention {
public:
  /// Rows in one transaction.
  static constexpr int64_t step_max = 1'000;

  /// Removes at most `step_max` events, in a transaction. Returns whether
  /// more may have to be removed. @throws sqlite_fault
  bool step(sqlite_handle& in, const retention_limits& limits);

private:
  /// Returns whether there may be more.
  bool remove_changes(sqlite_handle& in);

  // There are no changes up to this row.
  int64_t no_changes_upto_ = 0;
};

} // namespace bulwark::detail
