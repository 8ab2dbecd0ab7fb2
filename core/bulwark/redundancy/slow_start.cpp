#include <bulwark/redundancy/slow_start.hpp>

#include <algorithm>

namespace bulwark {

double slow_start::share(time_point now) const noexcept {
  auto passed = now - since_;
  if (passed >= window_)
    return 1;
  return std::max(share_min, static_cast<double>(passed.count())
                               / static_cast<double>(window_.count()));
}

bool slow_start::due(time_point now) const noexcept {
  auto passed = now - since_;
  return !warm_ && passed < window_ && passed >= window_ / 2;
}

} // namespace bulwark
