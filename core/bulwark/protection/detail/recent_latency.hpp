#pragma once

#include <bulwark/time/time.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace bulwark {

/// A quantile of the last 128 latencies, for hedges. It is found anew with
/// every sixteenth one; what is asked most, the quantile, costs one load.
///
/// Safe to call from any thread.
class recent_latency {
public:
  static constexpr size_t size = 128;
  static constexpr uint64_t turn = 16;

  /// @pre `0 < quantile <= 1`, `0 < samples_min <= size`
  recent_latency(double quantile, size_t samples_min) noexcept
    : quantile_(quantile), samples_min_(samples_min) {}

  void record(duration took) noexcept;

  /// By nearest rank; nothing before there are `samples_min`.
  [[nodiscard]] std::optional<duration> quantile() const noexcept;

private:
  void find(size_t known) noexcept;

  double quantile_;
  uint64_t samples_min_;
  std::atomic<uint64_t> next_{0};
  std::atomic<int64_t> found_{-1};
  std::array<std::atomic<int64_t>, size> samples_{};
};

} // namespace bulwark
