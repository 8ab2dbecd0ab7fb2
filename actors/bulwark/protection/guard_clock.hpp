#pragma once

#include <bulwark/time/time.hpp>

namespace bulwark {

/// What a guard knows of time: by default the machine's, in tests one that
/// passes when the test says so.
///
/// Safe to call from any thread.
class guard_clock {
public:
  virtual ~guard_clock() = default;

  virtual time_point now() = 0;
  virtual wall_time wall_now() = 0;

  /// Blocks the caller's thread until then.
  virtual void wait_until(time_point when) = 0;

  /// Returns the machine's clock.
  static guard_clock& real();
};

} // namespace bulwark
