#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What of a journal is kept.
struct retention_limits {
  /// Events with an earlier ledger time are removed, but for those that tell
  /// how a component was at that time.
  wall_time oldest{};

  /// Bytes of the file in use, beyond which events are removed.
  uint64_t size_max = 0;
};

/// Removes events in small steps: too old ones, then, while the file is too
/// large, the oldest changes that the ledger does not count, and only where
/// there are none the oldest of the others. Kinds that this version does not
/// know are kept as long as those.
///
/// What a report tells of the time since is not changed: of each component two
/// old events are kept, the one that last told that it is up, or gone, and the
/// failure that opened an outage since. The newest event is always kept, so
/// that no row's number is given again. Positions stay.
///
/// Confined to one thread.
class journal_retention {
public:
  /// Rows in one transaction.
  static constexpr int64_t step_max = 1'000;

  static constexpr std::chrono::hours look_again{24};

  /// Removes at most `step_max` events, in a transaction. Returns whether
  /// more may have to be removed. @throws sqlite_fault
  bool step(sqlite_handle& in, const retention_limits& limits);

private:
  /// Of a component: the rows of old events that are kept; 0: none.
  struct kept {
    int64_t state = 0;
    int64_t failure = 0;
  };

  /// Rows in the order of time.
  using place = std::pair<int64_t, int64_t>;

  /// Looks at the next events before `oldest`, and removes those that nothing
  /// depends on. Returns whether there were any.
  bool age(sqlite_handle& in, int64_t oldest);
  void enter(int64_t id, const std::string& component, event_kind kind,
             std::vector<int64_t>& gone);

  /// Returns the time up to which `age` would look at a whole step; 0: it has
  /// seen all.
  int64_t end_of_step(const sqlite_handle& in) const;

  /// Returns whether there may be more.
  bool remove_changes(sqlite_handle& in);

  // There are no changes up to this row.
  int64_t no_changes_upto_ = 0;

  // All up to here, time and row, were looked at. What comes later with an
  // earlier time is found a day later, when all is looked at again.
  place aged_{INT64_MIN, 0};
  wall_time again_at_{};
  std::map<std::string, kept> kept_;
};

} // namespace bulwark::detail
