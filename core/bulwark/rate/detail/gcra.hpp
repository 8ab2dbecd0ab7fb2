#pragma once

#include <bulwark/rate/detail/rate_terms.hpp>

#include <cstdint>

namespace bulwark {

/// The generic cell rate algorithm (ITU-T I.371, ATM Forum TM 4.0), as virtual
/// scheduling: all it remembers is when the next permit would be due if
/// permits were taken evenly. A request conforms when that is not further
/// ahead than a burst lasts. It decides as `token_bucket` does, exactly.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one thread.
class gcra {
public:
  /// @pre `validate(options)` has no complaint
  explicit gcra(const rate_options& options);

  /// Takes `n` permits that are there, or none.
  rate_verdict take(time_point now, uint64_t n = 1);

  /// Takes `n` permits, from those to come if need be: they may be used after
  /// `wait` of the verdict. None when that is longer than `wait_max`.
  rate_verdict reserve(time_point now, uint64_t n, duration wait_max);

  /// Puts permits back that were taken or reserved and not used: at most a
  /// burst at once. Beyond a full burst they are lost.
  void give_back(uint64_t n = 1);

  /// How many permits are there; below zero those reserved ahead.
  [[nodiscard]] int64_t available(time_point now);

  /// Keeps another rate from now on. Permits that are there stay, up to the
  /// new burst, and so does what is reserved.
  void change(const rate_options& options, time_point now);

  /// From then on all permits are there, if none is taken.
  [[nodiscard]] time_point full_at() const noexcept;

private:
  void proceed(time_point now) noexcept;
  int64_t ahead() const noexcept;
  void set_ahead(int64_t units) noexcept;

  rate_terms terms_;

  // The next permit is due at `due_` and `part_ / rate` nanoseconds, which is
  // never before `latest_`.
  time_point latest_ = time_point::min();
  time_point due_ = time_point::min();
  int64_t part_ = 0;
};

} // namespace bulwark
