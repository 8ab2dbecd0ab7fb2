#pragma once

#include <bulwark/bulkhead/adaptive/adaptive_options.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace bulwark {

/// One answer, as a limit learns from it.
struct latency_sample {
  duration latency;

  /// How many requests were in flight when this one was let in, with it.
  size_t in_flight;

  /// It was refused by the service, timed out or failed for lack of
  /// something. Its latency says nothing about the service's then: a failure
  /// may be fast. Leave out answers that fail for reasons of their own.
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

  /// From the first answer to the last.
  duration length;

  /// The standard error of the mean: a mean is off by chance by more than
  /// three of them once in 400 windows.
  duration error = duration::zero();

  /// Nothing is wrong with latencies up to `enough`; 0: not known.
  bool healthy(duration enough) const noexcept {
    return !dropped && latency && *latency <= enough;
  }
};

/// Gathers samples until they are worth looking at. The idea is that of
/// Netflix's `WindowedLimit` with `AverageSampleWindow`; that a window waits
/// for its samples, up to a maximum, is failsafe-go's.
///
/// Confined to one thread.
class sample_window {
public:
  sample_window() = default;

  /// Adds a sample; returns the summary when it completes a window.
  std::optional<window_summary> add(const latency_sample& sample,
                                    time_point now,
                                    const adaptive_options& options) noexcept {
    if (!sample.dropped && sample.latency < options.latency_min)
      return std::nullopt;
    if (count_ == 0 || now - begin_ > options.window_max)
      *this = sample_window{now};
    ++count_;
    in_flight_ = std::max(in_flight_, sample.in_flight);
    if (sample.dropped)
      dropped_ = true;
    else
      learn(seconds(std::min(sample.latency, latency_most)).count());
    if (count_ < options.samples_min || now - begin_ < options.window)
      return std::nullopt;
    auto result = summary(now);
    *this = sample_window{};
    return result;
  }

private:
  using seconds = std::chrono::duration<double>;

  // Longer than any deadline, and far from an overflow.
  static constexpr duration latency_most = std::chrono::hours{24 * 365};

  explicit sample_window(time_point begin) : begin_(begin) {}

  window_summary summary(time_point now) const noexcept {
    window_summary result{std::nullopt, in_flight_, dropped_, now - begin_};
    if (answered_ > 0)
      result.latency = std::chrono::duration_cast<duration>(seconds{mean_});
    if (answered_ > 1) {
      auto variance = squares_ / (answered_ - 1);
      result.error = std::chrono::duration_cast<duration>(
        seconds{std::sqrt(variance / answered_)});
    }
    return result;
  }

  // Mean and sum of squares as B. Welford adds them up.
  void learn(double latency) noexcept {
    auto off = latency - mean_;
    mean_ += off / ++answered_;
    squares_ += off * (latency - mean_);
  }

  time_point begin_{};
  size_t count_ = 0;
  size_t in_flight_ = 0;
  double answered_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  bool dropped_ = false;
};

} // namespace bulwark
