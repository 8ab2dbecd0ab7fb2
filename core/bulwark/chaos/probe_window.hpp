#pragma once

#include <bulwark/chaos/steady_condition.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <deque>
#include <string>

namespace bulwark {

/// The answers to a probe over the last seconds.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one thread.
class probe_window {
public:
  /// Older ones are forgotten, and of more than `answers_max` the oldest.
  static constexpr duration length = std::chrono::seconds{5};
  static constexpr size_t answers_max = 20'000;

  /// Fewer give no figures.
  static constexpr size_t answers_min = 10;

  /// A request that took so long was answered well, or was not.
  void add(duration took, bool good, time_point now);

  /// Adds `NAME.ok_percent`, `NAME.p50_ms` and `NAME.p99_ms`, where there are
  /// enough answers. What was not answered well took its time as well.
  void read(const std::string& name, time_point now, figure_readings& into);

private:
  struct answer {
    time_point at{};
    duration took{};
    bool good = false;
  };

  void forget(time_point now);

  std::deque<answer> answers_;
  time_point latest_ = time_point::min();
};

} // namespace bulwark
