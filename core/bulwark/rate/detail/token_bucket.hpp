#pragma once

#include <bulwark/rate/detail/rate_terms.hpp>

#include <cstdint>

namespace bulwark {

/// A bucket that permits drop into at a steady rate until it is full, and
/// that requests take them out of (J. Turner 1986; RFC 2697 calls it so). It
/// starts full. Exact: no rounding adds up, whatever the rate.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one thread.
class token_bucket {
public:
  /// @pre `validate(options)` has no complaint
  explicit token_bucket(const rate_options& options);

  /// Takes `n` permits that are there, or none.
  rate_verdict take(time_point now, uint64_t n = 1);

  /// Takes `n` permits, from those to come if need be: they may be used after
  /// `wait` of the verdict. None when that is longer than `wait_max`.
  rate_verdict reserve(time_point now, uint64_t n, duration wait_max);

  /// Puts permits back that were taken or reserved and not used: at most a
  /// burst at once. Beyond a full bucket they are lost.
  void give_back(uint64_t n = 1);

  /// How many permits are there; below zero those reserved ahead.
  [[nodiscard]] int64_t available(time_point now);

  /// Keeps another rate from now on. Permits that are there stay, up to the
  /// new burst, and so does what is reserved.
  void change(const rate_options& options, time_point now);

private:
  void refill(time_point now);

  rate_terms terms_;
  int64_t level_;
  time_point latest_ = time_point::min();
};

} // namespace bulwark
