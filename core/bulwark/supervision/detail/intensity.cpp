#include <bulwark/supervision/detail/intensity.hpp>

#include <algorithm>
#include <iterator>

namespace bulwark {

restart_intensity::restart_intensity(uint32_t max, duration period)
  : max_(max), period_(period) {}

bool restart_intensity::add(time_point now) {
  latest_ = std::max(latest_, now);
  if (max_ == unlimited)
    return true;
  while (count() > 0 && latest_ - stamps_[expired_] > period_)
    ++expired_;
  if (count() >= max_)
    return false;
  if (expired_ > count()) {
    stamps_.erase(stamps_.begin(), std::next(stamps_.begin(), expired_));
    expired_ = 0;
  }
  stamps_.push_back(latest_);
  return true;
}

uint32_t restart_intensity::left(time_point now) const noexcept {
  if (max_ == unlimited)
    return unlimited;
  auto at = std::max(latest_, now);
  auto first = std::next(stamps_.begin(), expired_);
  auto recent = std::count_if(first, stamps_.end(), [&](time_point stamp) {
    return at - stamp <= period_;
  });
  return max_ - std::min(max_, static_cast<uint32_t>(recent));
}

} // namespace bulwark
