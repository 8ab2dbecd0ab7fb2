#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// How much of a bulkhead was in use at a moment, in percent.
struct usage_sample {
  time_point at;
  double utilization_percent = 0;
};

/// The last samples, oldest first: one more than `capacity` displaces the
/// oldest. Memory is taken as it fills.
///
/// Confined to one actor.
class sample_ring {
public:
  static constexpr size_t capacity_default = 1000;

  /// @pre capacity > 0
  explicit sample_ring(size_t capacity = capacity_default)
    : capacity_(capacity) {}

  void add(const usage_sample& sample);

  [[nodiscard]] size_t size() const noexcept { return samples_.size(); }

  /// @pre place < size()
  [[nodiscard]] const usage_sample& operator[](size_t place) const noexcept {
    return samples_[(first_ + place) % samples_.size()];
  }

private:
  size_t capacity_;
  size_t first_ = 0;
  std::vector<usage_sample> samples_;
};

enum class trend_direction : uint8_t { stable, increasing, decreasing };

std::string to_string(trend_direction direction);

/// How the use of a bulkhead went over a period.
struct usage_trend {
  double min_utilization = 0;
  double max_utilization = 0;
  double avg_utilization = 0;

  /// Of the latest sample.
  double current_utilization = 0;

  bulwark::trend_direction trend_direction = trend_direction::stable;

  /// By how much the straight line through the samples rises or falls, in
  /// percent of the capacity per hour.
  double slope_per_hour = 0;

  /// How many samples were in the period, and how much of it they cover: less
  /// than the period where it goes back further than what is kept.
  size_t metrics_count = 0;
  duration covered = duration::zero();

  friend bool operator==(const usage_trend&, const usage_trend&) = default;
};

/// The line through the samples rises or falls when it does so by this much
/// from the first to the last, in percent of the capacity; less is stable.
inline constexpr double trend_threshold = 5.0;

/// Returns the trend over the `period` that ends `now`, both ends included;
/// nothing where there is no sample in it. The line is that of least squares,
/// so that one odd sample at an end does not decide.
[[nodiscard]] std::optional<usage_trend>
trend_of(const sample_ring& samples, time_point now, duration period);

} // namespace bulwark
