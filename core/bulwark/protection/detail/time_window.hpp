#pragma once

#include <bulwark/containers/detail/thread_lane.hpp>
#include <bulwark/protection/detail/past_totals.hpp>
#include <bulwark/protection/detail/tagged.hpp>
#include <bulwark/protection/detail/window_sums.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace bulwark {

/// The calls of a period that ended within the last `length`: how many failed,
/// how many were slow. It moves on in tenths, with time alone. It is empty when
/// a period begins, and takes nothing from an earlier one.
///
/// Each thread counts calls on its lane. They are added up only where some of
/// them failed or were slow, since else nothing follows from their number.
///
/// Safe to call from any thread.
class time_window {
public:
  static constexpr size_t steps = 10;

  /// @pre length >= 10 ns
  explicit time_window(duration length) noexcept : past_(length / steps) {}

  /// To be called when a period begins.
  void begin(uint32_t period) noexcept;

  /// Returns what the window holds with this call, no calls if all of them are
  /// well, or nothing when a later period has begun.
  std::optional<window_sums> add(uint32_t period, bool failed, bool slow,
                                 time_point now) noexcept;

  window_sums read(uint32_t period, time_point now) const noexcept;

private:
  using history = past_totals<3, steps>;

  struct alignas(64) lane_count {
    tagged_count calls;
  };

  uint64_t calls_of(uint32_t period) const noexcept;
  history::totals present() const noexcept;

  std::array<lane_count, lanes> lanes_;
  tagged_count failures_;
  tagged_count slow_;
  history past_;
};

} // namespace bulwark
