#pragma once

#include <bulwark/time/time.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// Replicas that came up get less at first, and their full share after a window
/// of time: their caches are cold.
///
/// Safe to call from any thread.
class slow_starts {
public:
  static constexpr size_t members_max = 64;

  /// The least share of its weight that one gets.
  static constexpr double share_min = 0.1;

  /// `window` 0: everybody gets the full share from the start.
  explicit slow_starts(duration window) noexcept : window_(window) {}

  bool armed() const noexcept { return window_ > duration::zero(); }

  /// It is up, again. @pre member < members_max, as everywhere here
  void begin(size_t member, time_point now) noexcept;

  /// Returns which share of its weight it gets now, [0.1, 1].
  double share(size_t member, time_point now) const noexcept;

  /// Returns who of `all`, one bit for each, has no part in the next request:
  /// nobody, where none would be left.
  /// `random`: any number. One that got none in half of its window has it
  /// alone: else one of small weight might come out of it as cold as it was.
  uint64_t resting(uint64_t all, time_point now, uint32_t random) noexcept;

  /// It gets a request.
  void got_one(size_t member) noexcept {
    if (!warm_[member].load(std::memory_order_relaxed))
      warm_[member].store(true, std::memory_order_relaxed);
  }

private:
  bool due(size_t member, time_point now) noexcept;
  duration since(size_t member, time_point now) const noexcept;

  const duration window_;
  std::array<std::atomic<int64_t>, members_max> began_{};
  std::array<std::atomic<bool>, members_max> warm_{};

  /// When the last one of them gets its full share.
  std::atomic<int64_t> last_{0};
};

} // namespace bulwark
