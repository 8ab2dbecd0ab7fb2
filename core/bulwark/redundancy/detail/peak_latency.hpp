#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>

namespace bulwark {

/// How long a replica takes for a request, as a balancing rule sees it: the
/// worst of late, forgotten over some 10 s, also while nobody asks it
/// (Finagle's peak EWMA). A slower answer counts at once, a faster one by the
/// time since the last one.
///
/// One word {latency, 32 bits in units of 100 ns; when, 32 bits in ms}: 429 s
/// is the most that it can hold, and after 49 days without an answer it takes
/// the last one for a recent one.
///
/// Safe to call from any thread.
class peak_latency {
public:
  static constexpr duration decay = std::chrono::seconds{10};

  /// Of a new replica: `median` of those of its group.
  void start(duration median, time_point now) noexcept;

  /// It answered with a value. One of many that come at once may be missed.
  void answered(duration took, time_point now) noexcept;

  /// It answered with an error, or not at all: that may be fast, but does not
  /// count as faster than `median` of the group.
  void failed(duration took, duration median, time_point now) noexcept;

  duration at(time_point now) const noexcept;

private:
  std::atomic<uint64_t> word_{0};
};

} // namespace bulwark
