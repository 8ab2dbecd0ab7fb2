#include <bulwark/warning/detail/latency_watch.hpp>

#include <algorithm>
#include <cmath>

namespace bulwark {

namespace {

/// Values that hardly differ have hardly any deviation; this much, a twentieth,
/// is nothing to tell.
constexpr double deviation_min = 0.05;

double median_of(std::vector<double> values) {
  auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

} // namespace

double latency_watch::median() const {
  return past_.empty() ? 0 : std::exp(median_of(past_));
}

bool latency_watch::is_outside(double value) const {
  if (past_.size() < past_min)
    return false;
  auto center = median_of(past_);
  std::vector<double> off;
  off.reserve(past_.size());
  for (auto each : past_)
    off.push_back(std::abs(each - center));
  auto deviation = std::max(median_of(std::move(off)) / 0.6745, deviation_min);
  return value - center
         >= std::max(std::log(factor_min), scores_min * deviation);
}

void latency_watch::remember(double value) {
  if (past_.size() == past_max)
    past_.erase(past_.begin());
  past_.push_back(value);
}

latency_watch::step latency_watch::add(double latency) {
  if (!(latency > 0) || !std::isfinite(latency))
    return step::none;
  auto value = std::log(latency);
  auto outside = is_outside(value);
  if (left_) {
    outside_ += outside ? 1 : 0;
    if (++seen_ < confirm)
      return step::none;
    auto stays = outside_ * 2 > seen_;
    if (stays)
      past_.clear(); // This is how it is from now on.
    left_ = false;
    outside_ = 0;
    return stays ? step::stays : step::returned;
  }
  if (!outside) {
    outside_ = 0;
    remember(value);
    return step::none;
  }
  if (++outside_ < run)
    return step::none;
  left_ = true;
  seen_ = 0;
  outside_ = 0;
  return step::left;
}

} // namespace bulwark
