#pragma once

#include <bulwark/bulkhead/adaptive_options.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace bulwark {

/// One answer, as a limit learns from it.
struct latency_sample {
  duration latency;

  /// How many requests were in flight when this one was let in, with it.
  size_t in_flight;

  /// It was lost to overload. Its latency says nothing about the service's
  /// then: a failure may be fast. A gate reports what timed out so, and leaves
  /// out answers that are errors: those fail for reasons of their own.
  bool dropped;
};

/// What a window of samples comes to.
struct window_summary {
  /// The mean of what was not dropped; nothing when all of it was.
  std::optional<duration> latency;

  /// The most that were in flight.
  size_t in_flight;

  /// One or more were dropped.
  bool dropped;

  /// From the end of the window before to its own.
  duration length;

  /// The standard error of the mean: a mean is off by chance by more than
  /// three of them once in 400 windows. Of fewer answers than `samples_min` it
  /// is larger, since their spread may be small by chance.
  duration error = duration::zero();

  /// So few answers that mean and error may both be low by chance.
  bool few = false;

  /// Nothing is wrong with latencies up to `enough`; 0: not known.
  bool healthy(duration enough) const noexcept {
    return !dropped && latency && *latency <= enough;
  }
};

/// Gathers samples until they are worth looking at. The idea is that of
/// Netflix's `WindowedLimit` with `AverageSampleWindow`; that a window waits
/// for its samples, up to a maximum, is failsafe-go's.
///
/// Ours is that no sample is thrown away for having too few beside it. A low
/// limit is what makes samples few; it could not learn that it is too low.
///
/// Confined to one thread.
class sample_window {
public:
  sample_window() = default;

  /// Adds a sample; returns the summary when it completes a window. `limit`
  /// requests at most are in flight at a time.
  std::optional<window_summary> add(const latency_sample& sample,
                                    time_point now, size_t limit,
                                    const adaptive_options& options) noexcept {
    if (!sample.dropped && sample.latency < options.latency_min)
      return std::nullopt;
    if (!begin_)
      begin_ = now;
    ++count_;
    in_flight_ = std::max(in_flight_, sample.in_flight);
    if (sample.dropped)
      dropped_ = true;
    else
      learn(seconds(std::min(sample.latency, latency_most)).count());
    auto length = now - *begin_;
    auto enough = count_ >= std::min(options.samples_min, limit)
                  || length >= options.window_max;
    if (!enough || length < options.window)
      return std::nullopt;
    auto result = summary(length, options.samples_min);
    *this = sample_window{now};
    return result;
  }

private:
  using seconds = std::chrono::duration<double>;

  static constexpr double few_below = 30;

  // Longer than any deadline, and far from an overflow.
  static constexpr duration latency_most = std::chrono::hours{24 * 365};

  explicit sample_window(time_point begin) : begin_(begin) {}

  window_summary summary(duration length, size_t samples_min) const noexcept {
    window_summary result{std::nullopt, in_flight_, dropped_, length};
    auto as_duration = [](double in_seconds) {
      return std::chrono::duration_cast<duration>(seconds{in_seconds});
    };
    if (answered_ > 0) {
      result.latency = as_duration(mean_);
      result.error = as_duration(error_of_mean(samples_min));
      result.few = answered_ < few_below;
    }
    return result;
  }

  // For few answers about as much larger as Student's t is than 3, where both
  // leave out one window in 400.
  double error_of_mean(size_t samples_min) const noexcept {
    auto few = answered_ < static_cast<double>(samples_min);
    if (few && answered_ <= 2)
      return mean_;
    if (answered_ <= 1)
      return 0;
    auto error = std::sqrt(squares_ / (answered_ - 1) / answered_);
    return few ? error * (1 + 4 / (answered_ - 2)) : error;
  }

  // Mean and sum of squares as B. Welford adds them up.
  void learn(double latency) noexcept {
    auto off = latency - mean_;
    mean_ += off / ++answered_;
    squares_ += off * (latency - mean_);
  }

  // The end of the window before; of the first one, its first sample.
  std::optional<time_point> begin_;
  size_t count_ = 0;
  size_t in_flight_ = 0;
  double answered_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  bool dropped_ = false;
};

} // namespace bulwark
