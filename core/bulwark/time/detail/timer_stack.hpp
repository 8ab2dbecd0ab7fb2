#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace bulwark {

/// Says when to set a timer, for an actor that needs to wake up at one time
/// after the other and cannot take back a timer that it has set: as few as
/// possible, and at most `far_max` that ring later than `closest` from now.
///
/// A timer before another one rings after half of the time to that one at the
/// latest, too early if need be: whoever wakes up asks again.
///
/// Confined to one thread.
class timer_stack {
public:
  static constexpr duration closest = std::chrono::milliseconds{1};

  /// How often 292 years, which is all that a duration holds, can be halved
  /// until `closest` is left; and the two that are no halves.
  static constexpr size_t far_max = 46;

  /// Returns when to set a timer, so that one rings by `due`; nothing: such a
  /// one is set.
  std::optional<time_point> need(time_point due, time_point now);

  /// The timers that were set for `now` and earlier rang.
  void rang(time_point now);

  size_t size() const noexcept { return set_.size(); }

private:
  /// The next one to ring is the last.
  std::vector<time_point> set_;
};

} // namespace bulwark
