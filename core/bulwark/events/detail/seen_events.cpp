#include <bulwark/events/detail/seen_events.hpp>

#include <algorithm>

namespace bulwark {

seen_events::seen_events(size_t origins_max) : origins_max_(origins_max) {}

std::vector<seen_events::origin>::const_iterator
seen_events::find(const std::string& node, uint64_t boot) const {
  return std::find_if(origins_.begin(), origins_.end(), [&](const origin& x) {
    return x.boot == boot && x.node == node;
  });
}

bool seen_events::leaps(const std::string& node, uint64_t boot,
                        uint64_t sequence) const {
  auto known = find(node, boot);
  auto highest = known == origins_.end() ? 0 : known->highest;
  return sequence > highest && sequence - highest > leap_max;
}

bool seen_events::add(const std::string& node, uint64_t boot,
                      uint64_t sequence) {
  auto known = origins_.begin() + (find(node, boot) - origins_.cbegin());
  if (known == origins_.end()) {
    if (origins_.size() == origins_max_)
      origins_.erase(origins_.begin());
    origins_.push_back({node, boot, sequence});
    return true;
  }
  std::rotate(known, known + 1, origins_.end());
  auto& highest = origins_.back().highest;
  if (sequence <= highest)
    return false;
  highest = sequence;
  return true;
}

} // namespace bulwark
