#pragma once

#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// Counts durations in buckets that are fine where durations are short and
/// coarse where they are long, and tells percentiles of them.
///
/// Buckets are log-linear (the idea of G. Tene's HdrHistogram): 32 of 32 ns
/// up to 1 us, then 32 per doubling up to 39 hours. What is told of a bucket
/// is its middle, so a percentile is off by at most 1.6 % of itself, or 16 ns
/// below 1 us; count, minimum, maximum and mean are exact. What is longer
/// shares the last bucket.
///
/// Fixed size (10 KB), allocates nothing. A histogram that was merged from
/// parts is equal to one that has seen everything itself.
///
/// Confined to one thread.
class latency_histogram {
public:
  /// Counts one duration; a negative one counts as zero.
  void record(duration value) noexcept;

  /// Adds all that `other` has counted.
  void merge(const latency_histogram& other) noexcept;

  /// Forgets everything.
  void clear() noexcept { *this = latency_histogram{}; }

  /// Returns the duration that `percent` of all were not longer than, by
  /// nearest rank: `percentile(99)`. 0 gives the shortest, 100 the longest;
  /// what is beyond these, or not a number, is taken as the nearer of them or
  /// 0. Zero when nothing was counted.
  [[nodiscard]] duration percentile(double percent) const noexcept;

  [[nodiscard]] uint64_t count() const noexcept { return count_; }

  // Zero when nothing was counted.
  [[nodiscard]] duration min() const noexcept { return min_; }
  [[nodiscard]] duration max() const noexcept { return max_; }
  [[nodiscard]] duration mean() const noexcept;

  friend bool operator==(const latency_histogram&,
                         const latency_histogram&) = default;

private:
  static constexpr unsigned unit_bits = 5;
  static constexpr unsigned step_bits = 5;
  static constexpr unsigned doublings = 37;
  static constexpr size_t steps = size_t{1} << step_bits;
  static constexpr size_t bucket_count = steps * (1 + doublings);

  static size_t bucket_of(duration value) noexcept;
  static duration middle_of(size_t bucket) noexcept;

  std::array<uint64_t, bucket_count> buckets_{};
  uint64_t count_ = 0;
  duration min_{};
  duration max_{};

  // The sum of all, in two parts, because nanoseconds alone would overflow.
  uint64_t whole_seconds_ = 0;
  duration rest_{};
};

} // namespace bulwark
