#include <bulwark/bulkhead/detail/adaptive/gradient2.hpp>

#include <algorithm>

namespace bulwark {

namespace {

// Of so many windows the baseline is the plain mean.
constexpr size_t warm_up = 10;

} // namespace

gradient2::gradient2(const gradient2_options& options, duration healthy_latency)
  : options_(options),
    baseline_max_(static_cast<double>(healthy_latency.count())) {}

void gradient2::learn(double latency) noexcept {
  auto weight = 2.0 / (static_cast<double>(options_.long_window) + 1.0);
  if (seen_ < warm_up)
    weight = 1.0 / static_cast<double>(++seen_);
  baseline_ += (latency - baseline_) * weight;
  if (baseline_max_ > 0)
    baseline_ = std::min(baseline_, baseline_max_);
}

double gradient2::next(double limit, const window_summary& window) noexcept {
  if (!window.latency)
    return limit;
  auto latency = std::max(static_cast<double>(window.latency->count()), 1.0);
  learn(latency);
  auto normal = baseline_;
  if (baseline_ > 2 * latency)
    baseline_ *= 0.95;
  if (static_cast<double>(window.in_flight) * 2 < limit)
    return limit;
  auto gradient = std::clamp(options_.tolerance * normal / latency, 0.5, 1.0);
  auto aim = limit * gradient + static_cast<double>(options_.queue_size);
  auto result = limit + (aim - limit) * options_.smoothing;
  return window.dropped ? std::min(limit, result) : result;
}

duration gradient2::baseline() const noexcept {
  return duration{static_cast<duration::rep>(baseline_)};
}

} // namespace bulwark
