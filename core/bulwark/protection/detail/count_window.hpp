#pragma once

#include <bulwark/protection/detail/window_sums.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bulwark {

/// The last `size` calls of a period: how many failed, how many were slow. It
/// is empty when a period begins, and takes nothing from an earlier one.
///
/// The sums are one word, so that the last of several threads that add at the
/// same time sees what all have added.
///
/// Safe to call from any thread.
class count_window {
public:
  /// @pre 1 <= size <= 10,000
  explicit count_window(size_t size) : calls_(size) {}

  /// To be called when a period begins.
  void begin(uint32_t period) noexcept;

  /// Adds a call, in place of the oldest one if need be. Returns what the
  /// window holds then, or nothing when a later period has begun.
  std::optional<window_sums> add(uint32_t period, bool failed,
                                 bool slow) noexcept;

  window_sums read(uint32_t period) const noexcept;

private:
  // A call: its period, whether it failed, whether it was slow.
  std::vector<std::atomic<uint32_t>> calls_;
  std::atomic<uint64_t> next_{0};

  // 16 bits of the period, and three sums.
  std::atomic<uint64_t> sums_{0};
};

} // namespace bulwark
