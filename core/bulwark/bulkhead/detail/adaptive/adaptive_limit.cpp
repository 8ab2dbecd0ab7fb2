#include <bulwark/bulkhead/detail/adaptive/adaptive_limit.hpp>

#include <algorithm>

namespace bulwark {

adaptive_limit::algorithm adaptive_limit::made(const adaptive_options& options,
                                               double unit_random) {
  switch (options.algorithm) {
  case adaptive_algorithm::aimd:
    return bulwark::aimd{options.aimd};
  case adaptive_algorithm::gradient2:
    return bulwark::gradient2{options.gradient2, options.healthy_latency};
  case adaptive_algorithm::vegas:
    break;
  }
  return bulwark::vegas{options.vegas, options.healthy_latency, unit_random};
}

adaptive_limit::adaptive_limit(const adaptive_options& options,
                               double unit_random)
  : options_(options),
    algorithm_(made(options, unit_random)),
    estimate_(static_cast<double>(options.initial)) {}

std::optional<size_t> adaptive_limit::record(const latency_sample& sample,
                                             time_point now) {
  latest_ = std::max(latest_, now);
  auto window = window_.add(sample, latest_, limit(), options_);
  if (!window)
    return std::nullopt;
  auto before = limit();
  auto next = std::visit(
    [&](auto& how) { return how.next(estimate_, *window); }, algorithm_);
  if (window->healthy(options_.healthy_latency))
    next = std::max(next, estimate_);
  return move_to(next, before);
}

std::optional<size_t> adaptive_limit::change_bounds(size_t min,
                                                    size_t max) noexcept {
  auto before = limit();
  options_.min = min;
  options_.max = max;
  return move_to(estimate_, before);
}

std::optional<size_t> adaptive_limit::move_to(double estimate,
                                              size_t before) noexcept {
  estimate_ = std::clamp(estimate, static_cast<double>(options_.min),
                         static_cast<double>(options_.max));
  if (limit() == before)
    return std::nullopt;
  return limit();
}

size_t adaptive_limit::limit() const noexcept {
  auto allowed = estimate_;
  if (auto* how = std::get_if<bulwark::vegas>(&algorithm_))
    allowed = how->allowed(allowed);
  return std::max(options_.min, static_cast<size_t>(allowed));
}

duration adaptive_limit::baseline() const noexcept {
  if (auto* how = std::get_if<bulwark::gradient2>(&algorithm_))
    return how->baseline();
  if (auto* how = std::get_if<bulwark::vegas>(&algorithm_))
    return how->baseline();
  return duration::zero();
}

bool adaptive_limit::probing() const noexcept {
  auto* how = std::get_if<bulwark::vegas>(&algorithm_);
  return how != nullptr && how->probing();
}

} // namespace bulwark
