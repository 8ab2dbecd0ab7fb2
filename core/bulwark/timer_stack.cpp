#include <bulwark/timer_stack.hpp>

#include <algorithm>

namespace bulwark {

std::optional<time_point> timer_stack::need(time_point due, time_point now) {
  auto soonest = now + closest;
  auto at = std::max(due, soonest);
  if (!set_.empty()) {
    if (set_.back() <= at)
      return std::nullopt;
    at = std::max(std::min(at, now + (set_.back() - now) / 2), soonest);
  }
  set_.push_back(at);
  return at;
}

void timer_stack::rang(time_point at) {
  std::erase(set_, at);
}

} // namespace bulwark
