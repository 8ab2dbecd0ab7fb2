#pragma once

#include <bulwark/bulkhead/detail/adaptive/aimd.hpp>
#include <bulwark/bulkhead/detail/adaptive/gradient2.hpp>
#include <bulwark/bulkhead/detail/adaptive/sample_window.hpp>
#include <bulwark/bulkhead/detail/adaptive/vegas.hpp>

#include <cstddef>
#include <optional>
#include <variant>

namespace bulwark {

/// How many requests a service may work on at once, found from its answers.
///
/// It grows only while at least half of it is in use, so idle times do not
/// grow it; it stays within its bounds; and it does not shrink by a window
/// that is healthy (`adaptive_options::healthy_latency`).
///
/// However low an incident has brought it, afterwards it lets in `n` requests
/// at a time again after at most `2 * n + 24` windows in which at least half
/// of it was in use; the 24 are a probe of Vegas. For AIMD its `timeout` has to
/// be longer than the service takes. While all of the limit is in use a window
/// lasts `window` or as long as one answer takes, whichever is longer; of
/// bursts, one each ends a window if they are so far apart.
///
/// Confined to one thread.
class adaptive_limit {
public:
  /// `unit_random`, within [0, 1), spreads what many limits do at intervals.
  /// @pre `validate(options)` has no complaint
  explicit adaptive_limit(const adaptive_options& options,
                          double unit_random = 0.5);

  /// Takes an answer into account; returns the new limit when it changed. A
  /// time before the latest one is as good as that one.
  std::optional<size_t> record(const latency_sample& sample, time_point now);

  [[nodiscard]] size_t limit() const noexcept;

  /// Keeps within other bounds from now on; what was learned stays. Returns
  /// the new limit when it changed.
  /// @pre `1 <= min && min <= max`
  std::optional<size_t> change_bounds(size_t min, size_t max) noexcept;

  /// The latency that counts as normal; zero while not known, and for AIMD,
  /// which has none.
  [[nodiscard]] duration baseline() const noexcept;

  /// The limit is low on purpose, to measure the baseline (Vegas).
  [[nodiscard]] bool probing() const noexcept;

  [[nodiscard]] const adaptive_options& options() const noexcept {
    return options_;
  }

private:
  using algorithm =
    std::variant<bulwark::aimd, bulwark::gradient2, bulwark::vegas>;

  std::optional<size_t> move_to(double estimate, size_t before) noexcept;

  static algorithm made(const adaptive_options& options, double unit_random);

  adaptive_options options_;
  algorithm algorithm_;
  sample_window window_;
  time_point latest_ = time_point::min();

  // The limit is this, rounded down.
  double estimate_;
};

} // namespace bulwark
