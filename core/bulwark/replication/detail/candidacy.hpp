#pragma once

#include <bulwark/time/time.hpp>

namespace bulwark::detail {

/// When a member that hears nothing of a primary tries to lead.
///
/// It waits between once and twice its patience, another time each time, so
/// that seldom two try at once; being asked by another one counts as hearing.
///
/// Confined to one thread.
class candidacy {
public:
  /// Random numbers are within [0, 1), here and below.
  candidacy(duration patience, time_point now, double unit_random)
    : patience_(patience) {
    heard(now, unit_random);
  }

  /// A primary has sent something, or another one tries; or this member does.
  void heard(time_point now, double unit_random) noexcept;

  /// The primary is known to be gone: it waits for a part of its patience only.
  void lost(time_point now, double unit_random) noexcept;

  /// Whether it is to try. @pre it does not lead
  bool due(time_point now) const noexcept { return now >= due_; }

private:
  duration patience_;
  time_point due_{};
};

} // namespace bulwark::detail
