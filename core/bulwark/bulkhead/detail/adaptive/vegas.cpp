#include <bulwark/bulkhead/detail/adaptive/vegas.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bulwark {

namespace {

// After so many windows a queue that does not run dry is measured as it is.
constexpr unsigned dry_windows_max = 16;

// A probe measures until the standard error is so small a share, at most so
// many windows.
constexpr double error_max = 0.025;
constexpr unsigned measured_windows_max = 8;

double ticks(duration value) noexcept {
  return static_cast<double>(value.count());
}

double step_of(double limit) noexcept {
  return std::max(1.0, std::floor(std::log10(std::max(limit, 1.0))));
}

} // namespace

vegas::vegas(const vegas_options& options, duration healthy_latency,
             double unit_random)
  : options_(options),
    healthy_latency_(healthy_latency),
    probe_share_(1.0 - std::clamp(unit_random, 0.0, 1.0) / 2) {}

bool vegas::probe_due(double limit) noexcept {
  auto wait =
    probe_share_ * static_cast<double>(options_.probe_multiplier) * limit;
  if (static_cast<double>(++windows_) < wait)
    return false;
  windows_ = 0;
  return true;
}

void vegas::take_baseline(double latency) noexcept {
  baseline_ = duration{static_cast<duration::rep>(std::max(latency, 1.0))};
  if (healthy_latency_ > duration::zero())
    baseline_ = std::min(baseline_, healthy_latency_);
}

void vegas::start_probe(double divisor, double reference) noexcept {
  probe_ = {.divisor = divisor, .reference = reference};
}

bool vegas::run_dry(const window_summary& window) noexcept {
  // Then all answers of this window were let in after the probe began.
  auto dry = probe_.time > *window.latency * 2;
  probe_.time += window.length;
  return dry || ++probe_.windows >= dry_windows_max;
}

bool vegas::measured(const window_summary& window) noexcept {
  auto error = ticks(window.error);
  probe_.latency += (ticks(*window.latency) - probe_.latency)
                    / static_cast<double>(++probe_.measured);
  probe_.squares += error * error;
  auto enough = probe_.latency * error_max * probe_.measured;
  return probe_.measured >= measured_windows_max
         || probe_.squares <= enough * enough;
}

void vegas::end_probe(double limit, const window_summary& window) noexcept {
  auto latency = probe_.latency;
  auto at_most = latency + std::sqrt(probe_.squares) / probe_.measured;
  auto helped = latency < probe_.reference * 0.9;
  // Otherwise this level and the one before have measured the same.
  if (helped || probe_.divisor == 2)
    take_baseline(at_most);
  else
    take_baseline(std::min(at_most, ticks(baseline_)));
  auto deeper =
    helped && limit > probe_.divisor && !window.healthy(healthy_latency_);
  start_probe(deeper ? probe_.divisor * 2 : 1, latency);
}

double vegas::next(double limit, const window_summary& window) noexcept {
  if (window.dropped)
    return limit - step_of(limit) * options_.smoothing;
  if (!window.latency)
    return limit;
  if (probing()) {
    if (run_dry(window) && measured(window))
      end_probe(limit, window);
    return limit;
  }
  auto latency = ticks(*window.latency);
  auto error = ticks(window.error);
  if (window.few)
    error *= std::max(1.0, ticks(baseline_) / std::max(latency, 1.0));
  auto at_most = latency + 3 * error;
  auto healthy = window.healthy(healthy_latency_);
  auto first = baseline_ == duration::zero();
  if (first || probe_due(limit)) {
    take_baseline(at_most);
    // The first one may be of a queue that was only filling up.
    if (!healthy)
      start_probe(2, first ? std::numeric_limits<double>::max() : latency);
    return limit;
  }
  if (at_most < ticks(baseline_)) {
    auto faster = at_most < ticks(baseline_) * 0.8;
    take_baseline(at_most);
    if (faster && !healthy)
      start_probe(2, latency);
    return limit;
  }
  if (static_cast<double>(window.in_flight) * 2 < limit)
    return limit;
  return limit + (adjusted(limit, latency) - limit) * options_.smoothing;
}

double vegas::adjusted(double limit, double latency) const noexcept {
  auto step = step_of(limit);
  auto ratio = ticks(baseline_) / std::max(latency, 1.0);
  auto waiting = std::ceil(limit * (1 - ratio));
  if (waiting <= step)
    return limit + options_.beta * step;
  if (waiting < options_.alpha * step)
    return limit + step;
  if (waiting > options_.beta * step)
    return limit - step;
  return limit;
}

} // namespace bulwark
