#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// How a limit is found that nobody has to guess. `docs/limits.md` compares
/// them.
enum class adaptive_algorithm : uint8_t { aimd, gradient2, vegas };

/// AIMD: one more at a time, and a share less after a drop. Defaults as in
/// Netflix's `AIMDLimit`.
struct aimd_options {
  /// What is left of the limit after a drop: at least 0.5 and below 1.
  double backoff_ratio = 0.9;

  /// A window whose mean latency is longer counts as one with a drop.
  duration timeout = std::chrono::seconds{5};

  friend bool operator==(const aimd_options&, const aimd_options&) = default;
};

/// Gradient2: the limit follows the ratio of latency then to latency now.
/// Defaults as in Netflix's `Gradient2Limit`.
struct gradient2_options {
  /// How much of the way to the new limit is gone at once: (0, 1].
  double smoothing = 0.2;

  /// By how much the limit grows while latency does not; this much queueing
  /// remains.
  size_t queue_size = 4;

  /// The baseline is the exponential mean of this many windows.
  size_t long_window = 600;

  /// How many times the baseline is not yet a longer latency: at least 1.
  double tolerance = 1.5;

  friend bool operator==(const gradient2_options&,
                         const gradient2_options&) = default;
};

/// Vegas: the limit is held where few requests wait. Defaults as in
/// Netflix's `VegasLimit`.
struct vegas_options {
  /// The limit grows while less than `alpha`, and shrinks while more than
  /// `beta` requests wait, both times the decimal logarithm of the limit (1
  /// up to 99, 2 up to 999).
  double alpha = 3;
  double beta = 6;

  /// How much of the way to the new limit is gone at once: (0, 1].
  double smoothing = 1.0;

  /// The baseline is measured anew after this many windows times the limit,
  /// less up to a half of them by chance.
  size_t probe_multiplier = 30;

  friend bool operator==(const vegas_options&, const vegas_options&) = default;
};

/// How the limit of a bulkhead adapts to what the service behind it can do.
///
/// Immutable after construction.
struct adaptive_options {
  adaptive_algorithm algorithm = adaptive_algorithm::vegas;

  /// The limit starts at `initial` and stays within [`min`, `max`].
  size_t min = 1;
  size_t initial = 20;
  size_t max = 1000;

  /// A mean latency that is fine, whatever it was before; 0: not known. At or
  /// below it, and without a drop, the limit never shrinks; and no baseline
  /// is ever higher, so that an incident is not taken for normal, however
  /// long it lasts.
  duration healthy_latency = duration::zero();

  /// A window of answers ends after `window` and `samples_min` answers, or as
  /// many as the limit if that is less, whichever is later; at the latest with
  /// the first answer after `window_max`. At its end the limit is looked at.
  duration window = std::chrono::seconds{1};
  duration window_max = std::chrono::seconds{30};
  size_t samples_min = 10;

  /// What is answered faster was not worked on and tells nothing.
  duration latency_min = std::chrono::microseconds{100};

  aimd_options aimd = {};
  gradient2_options gradient2 = {};
  vegas_options vegas = {};

  friend bool operator==(const adaptive_options&,
                         const adaptive_options&) = default;
};

/// Returns the options with the bounds that the algorithm was published with:
/// 20 to 200 for AIMD and Gradient2, 1 to 1000 for Vegas. The defaults above
/// leave all of them the wider ones.
adaptive_options published(adaptive_algorithm algorithm);

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const adaptive_options& options);

std::string to_string(adaptive_algorithm algorithm);

} // namespace bulwark
