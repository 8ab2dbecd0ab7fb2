#pragma once

#include <bulwark/time.hpp>

#include <cstddef>
#include <iterator>
#include <set>

namespace bulwark {

/// The timers that one actor has set and that have not gone off yet. A timer
/// cannot be taken back: one that was set for later stays set when an earlier
/// one is needed, and must not be set a second time when that has gone off.
///
/// No time is noted twice, so there are no more timers than times for which
/// one was needed. The nearest `noted_max` are noted; one beyond goes off all
/// the same, and may be set twice.
///
/// Confined to one actor.
class pending_timers {
public:
  static constexpr size_t noted_max = 64;

  /// Returns whether a timer has to be set for `due`, and notes it: none goes
  /// off by then.
  bool needs(time_point due) {
    if (!set_.empty() && *set_.begin() <= due)
      return false;
    if (set_.size() == noted_max)
      set_.erase(std::prev(set_.end()));
    set_.insert(due);
    return true;
  }

  /// A timer went off.
  void went_off(time_point now) {
    set_.erase(set_.begin(), set_.upper_bound(now));
  }

  size_t size() const noexcept { return set_.size(); }

private:
  std::set<time_point> set_;
};

} // namespace bulwark
