#include <bulwark/containers/detail/fitted_line.hpp>
#include <bulwark/warning/detail/exhaustion.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

using minutes = std::chrono::duration<double, std::ratio<60>>;

constexpr double full_percent = 100;

/// How far a line is believed that nothing came before, in terms of how long it
/// is; others are as far as they are long.
constexpr double trust_without_past = 0.125;

/// A second half that rises less than this share of the whole slows down.
constexpr double slope_kept = 0.9;

/// Samples that show a slope.
constexpr size_t slope_samples = 5;

/// Samples before a window that make a past.
constexpr size_t past_min = 5;

fitted_line line_through(const sample_ring& samples, size_t from, size_t to) {
  fitted_line result;
  auto now = samples[samples.size() - 1].at;
  for (auto i = from; i < to; ++i)
    result.add(minutes{samples[i].at - now}.count(),
               samples[i].utilization_percent);
  return result;
}

bool is_straight(const fitted_line& line, const warning_options& options) {
  return line.slope() > 0 && line.explained() >= options.fit_min;
}

/// Returns in how many minutes 100 percent is reached. The line is ahead of a
/// figure that slows down, and behind one that was lucky once: the lower of the
/// two is where it starts from.
double time_left(const fitted_line& line, double latest) {
  return (full_percent - std::min(line.at(0), latest)) / line.slope();
}

/// Returns whether `level` has not been there before the window began.
bool is_new(double level, const sample_ring& samples, size_t begin) {
  auto past = line_through(samples, 0, begin);
  double peak = 0;
  for (size_t i = 0; i < begin; ++i)
    peak = std::max(peak, samples[i].utilization_percent);
  auto deviation = std::sqrt(past.variance());
  return level >= std::min(past.mean() + 3 * deviation, peak + deviation);
}

/// The window that begins with sample `begin`, and whether what was before it
/// was different.
struct window {
  size_t begin = 0;
  bool has_past = false;
};

/// Returns whether the second half of a window is less steep than the window,
/// or the last quarter less than the half: a bend upwards before hides the one
/// that follows.
bool slows_down(const sample_ring& samples, size_t begin, double slope) {
  for (auto parts = 2; parts <= 4; parts *= 2) {
    auto length = (samples.size() - begin + 1) / parts;
    if (length < slope_samples)
      return false;
    auto rest =
      line_through(samples, samples.size() - length, samples.size()).slope();
    if (rest < slope_kept * slope)
      return true;
    slope = rest;
  }
  return false;
}

std::optional<exhaustion_forecast> foresee_by(const sample_ring& samples,
                                              window by,
                                              const warning_options& options) {
  auto length = samples.size() - by.begin;
  auto whole = line_through(samples, by.begin, samples.size());
  auto half = line_through(samples, by.begin + length / 2, samples.size());
  if (!is_straight(whole, options) || !whole.is_certain(certain_errors)
      || !is_straight(half, options))
    return std::nullopt;
  const auto& latest = samples[samples.size() - 1];
  auto by_long = time_left(whole, latest.utilization_percent);
  auto by_short = time_left(half, latest.utilization_percent);
  auto ahead = std::max(by_long, by_short);
  auto covered = minutes{latest.at - samples[by.begin].at}.count();
  auto trusted = by.has_past ? covered : covered * trust_without_past;
  if (ahead > std::min(trusted, minutes{options.horizon}.count())
      || slows_down(samples, by.begin, whole.slope())
      || (by.has_past && !is_new(half.mean(), samples, by.begin)))
    return std::nullopt;
  auto length_of = [](double value) {
    return std::chrono::duration_cast<duration>(minutes{value});
  };
  return exhaustion_forecast{length_of(by_long), length_of(by_short),
                             length_of(ahead),   whole.explained(),
                             whole.slope(),      length};
}

} // namespace

std::optional<exhaustion_forecast>
foresee_exhaustion(const sample_ring& samples, const warning_options& options) {
  size_t length = options.samples_min;
  if (samples.size() < length)
    return std::nullopt;
  if (is_straight(line_through(samples, 0, samples.size()), options))
    return foresee_by(samples, {0, false}, options);
  while (length * 2 <= samples.size())
    length *= 2;
  std::optional<exhaustion_forecast> best;
  for (; length >= options.samples_min; length /= 2)
    if (auto begin = samples.size() - length; begin >= past_min)
      if (auto by = foresee_by(samples, {begin, true}, options))
        if (!best || by->explained > best->explained)
          best = by;
  return best;
}

} // namespace bulwark
