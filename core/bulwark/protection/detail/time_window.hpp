#pragma once

#include <bulwark/protection/detail/past_totals.hpp>
#include <bulwark/protection/detail/tagged.hpp>
#include <bulwark/protection/detail/window_sums.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace bulwark {

/// The calls of a period that ended within the last `length`: how many failed,
/// how many were slow. It moves on in tenths, with time alone. It is empty when
/// a period begins, and takes nothing from an earlier one.
///
/// Safe to call from any thread.
class time_window {
public:
  static constexpr size_t steps = 10;

  /// @pre length >= 10 ns
  explicit time_window(duration length) noexcept : past_(length / steps) {}

  /// Returns what the window holds with this call, or nothing when a later
  /// period has begun.
  std::optional<window_sums> add(uint32_t period, bool failed, bool slow,
                                 time_point now) noexcept;

  window_sums read(uint32_t period, time_point now) const noexcept;

private:
  using history = past_totals<3, steps>;

  history::totals present() const noexcept;

  tagged_count calls_;
  tagged_count failures_;
  tagged_count slow_;
  history past_;
};

} // namespace bulwark
