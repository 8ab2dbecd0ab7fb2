#include <bulwark/bulkhead/trend.hpp>
#include <bulwark/containers/detail/fitted_line.hpp>

#include <algorithm>

namespace bulwark {

namespace {

using hours = std::chrono::duration<double, std::ratio<3600>>;

trend_direction direction_of(double rise) {
  if (rise >= trend_threshold)
    return trend_direction::increasing;
  if (rise <= -trend_threshold)
    return trend_direction::decreasing;
  return trend_direction::stable;
}

} // namespace

void sample_ring::add(const usage_sample& sample) {
  if (samples_.size() < capacity_) {
    samples_.push_back(sample);
    return;
  }
  samples_[first_] = sample;
  first_ = (first_ + 1) % capacity_;
}

std::optional<usage_trend> trend_of(const sample_ring& samples, time_point now,
                                    duration period) {
  std::optional<usage_trend> result;
  fitted_line through;
  time_point first;
  time_point last;
  for (size_t place = 0; place < samples.size(); ++place) {
    const auto& [at, use] = samples[place];
    if (at > now || now - at > period)
      continue;
    if (!result) {
      result = usage_trend{.min_utilization = use, .max_utilization = use};
      first = at;
    }
    last = at;
    through.add(hours{at - first}.count(), use);
    result->min_utilization = std::min(result->min_utilization, use);
    result->max_utilization = std::max(result->max_utilization, use);
    result->current_utilization = use;
    ++result->metrics_count;
  }
  if (!result)
    return result;
  result->avg_utilization = through.mean();
  result->slope_per_hour = through.slope();
  result->trend_direction =
    direction_of(through.slope() * hours{last - first}.count());
  result->covered = now - first;
  return result;
}

std::string to_string(trend_direction direction) {
  switch (direction) {
  case trend_direction::stable:
    return "stable";
  case trend_direction::increasing:
    return "increasing";
  case trend_direction::decreasing:
    return "decreasing";
  }
  return "trend_direction(" + std::to_string(static_cast<int>(direction)) + ")";
}

} // namespace bulwark
