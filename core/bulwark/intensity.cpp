#include <bulwark/intensity.hpp>

#include <algorithm>

namespace bulwark {

restart_intensity::restart_intensity(uint32_t max, duration period)
  : max_(max), period_(period) {}

bool restart_intensity::add(time_point now) {
  latest_ = std::max(latest_, now);
  while (!stamps_.empty() && latest_ - stamps_.front() > period_)
    stamps_.pop_front();
  if (stamps_.size() >= max_)
    return false;
  stamps_.push_back(latest_);
  return true;
}

} // namespace bulwark
