#include <bulwark/bulkhead/adaptive/vegas.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

// After so many windows a queue that does not run dry is measured as it is.
constexpr unsigned probe_windows_max = 16;

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

void vegas::take_baseline(duration latency) noexcept {
  baseline_ = latency;
  if (healthy_latency_ > duration::zero())
    baseline_ = std::min(baseline_, healthy_latency_);
}

void vegas::start_probe(double divisor, duration reference) noexcept {
  probe_divisor_ = divisor;
  probe_reference_ = reference;
  probe_time_ = duration::zero();
  probe_windows_ = 0;
}

bool vegas::run_dry(const window_summary& window) noexcept {
  // Then all answers of this window were let in after the probe began.
  auto dry = probe_time_ > *window.latency * 2;
  probe_time_ += window.length;
  return dry || ++probe_windows_ >= probe_windows_max;
}

void vegas::measure(double limit, const window_summary& window) noexcept {
  if (!run_dry(window))
    return;
  auto latency = *window.latency;
  take_baseline(latency);
  auto helped = latency < probe_reference_ - probe_reference_ / 10;
  auto deeper =
    helped && limit > probe_divisor_ && !window.healthy(healthy_latency_);
  start_probe(deeper ? probe_divisor_ * 2 : 1, latency);
}

double vegas::next(double limit, const window_summary& window) noexcept {
  if (window.dropped)
    return limit - step_of(limit) * options_.smoothing;
  if (!window.latency)
    return limit;
  auto latency = std::max(*window.latency, duration{1});
  if (probing()) {
    measure(limit, window);
    return limit;
  }
  auto first = baseline_ == duration::zero();
  if (first || probe_due(limit)) {
    take_baseline(latency);
    // The first one may be of a queue that was only filling up.
    if (!window.healthy(healthy_latency_))
      start_probe(2, first ? duration::max() : latency);
    return limit;
  }
  if (latency < baseline_) {
    take_baseline(latency);
    return limit;
  }
  if (static_cast<double>(window.in_flight) * 2 < limit)
    return limit;
  return limit + (adjusted(limit, latency) - limit) * options_.smoothing;
}

double vegas::adjusted(double limit, duration latency) const noexcept {
  auto step = step_of(limit);
  auto ratio = static_cast<double>(baseline_.count())
               / static_cast<double>(latency.count());
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
