#pragma once

#include <bulwark/rate/rate_options.hpp>

#include <atomic>
#include <cstdint>

namespace bulwark {

/// A rate that many threads take from at once, without a lock: GCRA in one
/// atomic word, the time at which the next permit would be due if they were
/// taken evenly. It decides as `gcra` does, but that the time between two
/// permits is rounded up to a sixteenth of a nanosecond: at a million permits
/// per second that may be one in 16,000 less.
///
/// Threads may tell times that are a little apart: an earlier one never gets
/// more than a later one would. Times are those of a steady clock that is
/// at most four years old.
///
/// Safe to call from any thread.
class shared_rate {
public:
  /// @pre `validate(options)` has no complaint
  explicit shared_rate(const rate_options& options);

  /// Takes `n` permits that are there, or none.
  rate_verdict take(time_point now, uint64_t n = 1) noexcept {
    return reserve(now, n, duration::zero());
  }

  /// Takes `n` permits, from those to come if need be: they may be used after
  /// `wait` of the verdict. None when that is longer than `wait_max`, or than
  /// a year.
  rate_verdict reserve(time_point now, uint64_t n, duration wait_max) noexcept;

  /// Puts permits back that were taken or reserved and not used: at most a
  /// burst at once. Beyond a full burst they are lost.
  void give_back(uint64_t n = 1) noexcept;

  /// How many permits are there; below zero those reserved ahead.
  [[nodiscard]] int64_t available(time_point now) const noexcept;

private:
  // Times are in sixteenths of nanoseconds.
  int64_t permit_;
  int64_t burst_;
  std::atomic<int64_t> due_{0};
};

} // namespace bulwark
