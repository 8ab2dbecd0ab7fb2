#include <bulwark/events/detail/event_counter.hpp>

#include <algorithm>

namespace bulwark {

event_counter::event_counter(size_t recent_max, size_t components_max)
  : recent_max_(recent_max), components_max_(components_max) {
  others_.component = others;
}

void event_counter::add(event what) {
  ++total_;
  auto& counts = counts_of(what);
  switch (classify(what.kind)) {
  case event_class::failure:
    ++counts.failures;
    break;
  case event_class::recovery:
    ++counts.recoveries;
    break;
  case event_class::change:
    ++counts.changes;
    break;
  }
  if (recent_max_ == 0)
    return;
  if (recent_.size() == recent_max_)
    recent_.pop_front();
  recent_.push_back(std::move(what));
}

component_counts& event_counter::counts_of(const event& what) {
  auto key = name{what.node, what.component};
  auto known = counts_.find(key);
  if (known != counts_.end())
    return known->second;
  if (counts_.size() >= components_max_)
    return others_;
  auto& fresh = counts_[std::move(key)];
  fresh.node = what.node;
  fresh.component = what.component;
  return fresh;
}

std::vector<event> event_counter::recent(size_t max,
                                         const std::string& node) const {
  std::vector<event> result;
  for (auto i = recent_.rbegin(); i != recent_.rend(); ++i) {
    if (result.size() == max)
      break;
    if (node.empty() || i->node == node)
      result.push_back(*i);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

event_counter::stretch event_counter::from(uint64_t place, size_t max) const {
  auto oldest = total_ - recent_.size() + 1;
  stretch result;
  result.first = std::clamp(place, oldest, total_ + 1);
  auto begin = result.first - oldest;
  auto end = std::min(begin + max, uint64_t{recent_.size()});
  for (auto i = begin; i < end; ++i)
    result.events.push_back(recent_[i]);
  return result;
}

uint64_t event_counter::place_behind(const std::string& node, uint64_t boot,
                                     uint64_t sequence) const {
  for (size_t i = recent_.size(); i > 0; --i) {
    const auto& each = recent_[i - 1];
    if (each.node == node && each.boot == boot && each.sequence == sequence)
      return total_ - recent_.size() + i + 1;
  }
  return 0;
}

std::vector<component_counts> event_counter::counts() const {
  std::vector<component_counts> result;
  result.reserve(counts_.size() + 1);
  for (const auto& [key, counts] : counts_)
    result.push_back(counts);
  if (others_.failures + others_.recoveries + others_.changes > 0)
    result.push_back(others_);
  return result;
}

} // namespace bulwark
