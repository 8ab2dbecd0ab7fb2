#pragma once

#include <bulwark/time/time.hpp>

namespace bulwark {

/// A replica that came up gets less at first, and its full share after a window
/// of time: its caches are cold.
///
/// Confined to one thread.
class slow_start {
public:
  /// The least share of its weight that it gets.
  static constexpr double share_min = 0.1;

  /// `window` 0: its full share from the start.
  explicit slow_start(duration window) noexcept : window_(window) {}

  /// It is up, again.
  void begin(time_point now) noexcept {
    since_ = now;
    warm_ = false;
  }

  /// Returns which share of its weight it gets now, [0.1, 1].
  double share(time_point now) const noexcept;

  /// Whether the next request has to be its: half of the window is over, and it
  /// got none. Else one of small weight might come out of it as cold as it was.
  bool due(time_point now) const noexcept;

  /// It gets a request.
  void got_one() noexcept { warm_ = true; }

private:
  duration window_;
  time_point since_{};
  bool warm_ = true;
};

} // namespace bulwark
