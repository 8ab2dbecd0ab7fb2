#include <bulwark/time/detail/timer_stack.hpp>

#include <algorithm>

namespace bulwark {

std::optional<time_point> timer_stack::need(time_point due, time_point now) {
  auto at = due;
  if (!set_.empty()) {
    if (set_.back() <= due)
      return std::nullopt;
    auto half = now + (set_.back() - now) / 2;
    at = std::min(due, std::max(half, now + closest));
  }
  set_.push_back(at);
  return at;
}

void timer_stack::rang(time_point now) {
  while (!set_.empty() && set_.back() <= now)
    set_.pop_back();
}

} // namespace bulwark
