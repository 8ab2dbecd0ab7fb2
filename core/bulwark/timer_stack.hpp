#pragma once

#include <bulwark/time.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace bulwark {

/// Says when to set a timer, for an actor that needs to wake up at one time
/// after the other and cannot take back a timer that it has set: as few as
/// possible, and at most `size_max` at once.
///
/// A timer before another one rings after half of the time to that one at the
/// latest, too early if need be: whoever wakes up asks again.
///
/// Confined to one thread.
class timer_stack {
public:
  /// No two timers are closer than that; what is due within it can wait.
  static constexpr duration closest = std::chrono::milliseconds{1};

  /// How often 292 years, which is all that a duration holds, can be halved
  /// until `closest` is left; and the two that are no halves.
  static constexpr size_t size_max = 46;

  /// Returns when to set a timer, so that one rings by `due` or `closest` from
  /// now, whichever is later; nothing: such a one is set.
  std::optional<time_point> need(time_point due, time_point now);

  /// The timer that was set for `at` rang.
  void rang(time_point at);

  size_t size() const noexcept { return set_.size(); }

private:
  /// The next one to ring is the last.
  std::vector<time_point> set_;
};

} // namespace bulwark
