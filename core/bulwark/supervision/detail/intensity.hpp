#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace bulwark {

/// Counts restarts within a sliding window and says when there are too many:
/// at most `max` restarts within any stretch of `period`, both ends included
/// (OTP's rule). With `max` 0 every restart is one too many.
///
/// Keeps at most twice `max` stamps, and no memory before the first one; each
/// restart costs the same however many the window holds. A time before the
/// latest one seen is taken as the latest one, so a clock that goes back never
/// widens the limit.
///
/// Confined to one actor.
class restart_intensity {
public:
  /// As `max`: no limit, and nothing is kept.
  static constexpr uint32_t unlimited = std::numeric_limits<uint32_t>::max();

  restart_intensity(uint32_t max, duration period);

  /// Counts a restart at `now` and returns true, or returns false when it
  /// would be beyond the limit; a refused one is not counted.
  [[nodiscard]] bool add(time_point now);

  /// Returns how many more restarts there may be at `now`; `unlimited`: any.
  [[nodiscard]] uint32_t left(time_point now) const noexcept;

  /// Decides by another limit from now on; what was counted stays.
  void change(uint32_t max, duration period) noexcept {
    max_ = max;
    period_ = period;
  }

  /// Returns how many restarts the window that ended at the latest `add`
  /// holds.
  [[nodiscard]] size_t count() const noexcept {
    return stamps_.size() - expired_;
  }

  /// Forgets all restarts.
  void clear() noexcept {
    stamps_.clear();
    expired_ = 0;
  }

private:
  uint32_t max_;

  // How many of the first stamps are out of the window.
  uint32_t expired_ = 0;
  duration period_;
  time_point latest_ = time_point::min();
  std::vector<time_point> stamps_;
};

} // namespace bulwark
