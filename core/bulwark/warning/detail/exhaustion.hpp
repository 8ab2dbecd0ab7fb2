#pragma once

#include <bulwark/bulkhead/trend.hpp>
#include <bulwark/time/time.hpp>
#include <bulwark/warning/warning_options.hpp>

#include <cstddef>
#include <optional>

namespace bulwark {

/// When something bounded will be used up.
///
/// Immutable after construction.
struct exhaustion_forecast {
  /// From the latest sample on: by the line through the long window, and by
  /// that through its second half.
  duration by_long{};
  duration by_short{};

  /// The later of the two.
  duration ahead{};

  /// Of the line through the long window: how much of the variance it
  /// explains, how many percent of the bound it rises a minute, over how many
  /// samples.
  double explained = 0;
  double rise_per_minute = 0;
  size_t samples = 0;
};

/// Returns when the figure reaches 100 percent, or nothing.
///
/// The time to exhaustion is that of the line of least squares through the last
/// samples, (100 - now) / slope, as Prometheus' `predict_linear` and S. Garg et
/// al., "A Methodology for Detection and Estimation of Software Aging" (ISSRE
/// 1998) have it. A line alone foresees of all that goes up that it goes on so.
/// Therefore:
///
/// - Windows of `samples_min`, twice, four times ... as many samples are tried,
///   and that which its line explains best is taken. In a window and in its
///   second half the line explains `fit_min` of the variance (of one step it
///   explains 0.75 at most), and in the window its slope is `certain_errors` of
///   its standard errors or more.
/// - Both forecasts are within the horizon, and the second half is at least 0.9
///   as steep as the window, the last quarter as the half: what slows down does
///   not arrive.
/// - The second half lies above all that was before the window: three standard
///   deviations above its mean, or one above its peak. Noise, the tooth of a
///   saw and the arc of a day come back; what has not been there yet does not.
/// - A line is believed as far as its window is long. Where all samples are one
///   line, which may be the first tooth of a saw, an eighth as far.
[[nodiscard]] std::optional<exhaustion_forecast>
foresee_exhaustion(const sample_ring& samples, const warning_options& options);

/// So many standard errors of its own a slope has to be away from 0.
inline constexpr double certain_errors = 8;

} // namespace bulwark
