#include <bulwark/intensity.hpp>

#include <algorithm>

namespace bulwark {

restart_intensity::restart_intensity(uint32_t max, duration period)
  : max_(max), period_(period) {}

bool restart_intensity::add(time_point now) {
  latest_ = std::max(latest_, now);
  if (max_ == unlimited)
    return true;
  auto recent =
    std::find_if(stamps_.begin(), stamps_.end(),
                 [this](time_point at) { return latest_ - at <= period_; });
  stamps_.erase(stamps_.begin(), recent);
  if (stamps_.size() >= max_)
    return false;
  stamps_.push_back(latest_);
  return true;
}

} // namespace bulwark
