#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace bulwark {

/// Returns how long after the latest of `failures` there will be more than
/// `limit` within `period`, if they go on at the rate they came: by the mean
/// gap of those within the period, and by the latest gap, whichever is later.
/// Nothing: by one of them there never will, or fewer than three are within
/// the period, or there are more already.
///
/// @pre `failures` is sorted
[[nodiscard]] std::optional<duration>
foresee_limit(const std::vector<time_point>& failures, uint32_t limit,
              duration period);

/// Returns how much closer together the latter of `failures` are than the
/// former, in standard deviations of what chance alone makes of them: Laplace's
/// test of a trend, for a record that ends with a failure (D. R. Cox, P. A. W.
/// Lewis, "The Statistical Analysis of Series of Events", 1966, 3.3;
/// NIST/SEMATECH e-Handbook, 8.2.3.4). With the first failure at 0, the last
/// one at T and m between them at t:
///
///     (mean(t) - T/2) / (T sqrt(1 / (12 m)))
///
/// 0 for fewer than three failures, and where all are at one moment.
///
/// @pre `failures` is sorted
[[nodiscard]] double closing_in(const std::vector<time_point>& failures);

/// From here on failures come closer together: by chance once in 30,000.
inline constexpr double closing_in_limit = 4;

/// Failures without which nothing is said about their trend.
inline constexpr size_t closing_in_min = 10;

} // namespace bulwark
