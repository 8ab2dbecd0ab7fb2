#include <bulwark/ledger/detail/cascade_watch.hpp>
#include <bulwark/ledger/detail/ledger_time.hpp>

#include <algorithm>

namespace bulwark {

namespace {

constexpr int64_t gap = 300 * ledger_clock::second;

} // namespace

void cascade_watch::failed(uint32_t component, int64_t at,
                           const relation& related) {
  if (latest_ != INT64_MIN && at - latest_ <= gap)
    ++failures_;
  latest_ = at;
  recent now{component, at};
  for (auto it = recent_.rbegin(); it != recent_.rend(); ++it) {
    if (at - it->at > gap)
      break;
    if (it->component == component)
      continue;
    auto through = related(it->component);
    if (through == cascade_link::none)
      continue;
    ++cascades_;
    follow(*it, now, through);
    break;
  }
  forget(component, at);
  recent_.push_back(now);
}

void cascade_watch::forget(uint32_t component, int64_t at) {
  std::erase_if(recent_, [=](const recent& x) {
    return x.component == component || at - x.at > gap;
  });
  if (recent_.size() == recent_max)
    recent_.erase(recent_.begin());
}

void cascade_watch::follow(recent& earlier, recent& later,
                           cascade_link through) {
  constexpr auto beyond = static_cast<uint32_t>(cascade_tree::members_max);
  if (earlier.tree == no_tree) {
    earlier.tree = next_tree_++;
    earlier.place = 0;
    trees_.push_back({earlier.tree, 0, {{earlier.component, earlier.at}}});
    if (trees_.size() > trees_max)
      trees_.pop_front();
  }
  later.tree = earlier.tree;
  later.place = beyond;
  auto* where = find(earlier.tree);
  if (where == nullptr)
    return;
  if (earlier.place == beyond || where->members.size() == beyond) {
    ++where->more;
    return;
  }
  later.place = static_cast<uint32_t>(where->members.size());
  where->members.push_back({later.component, later.at, earlier.place, through});
}

cascade_watch::tree* cascade_watch::find(uint64_t number) {
  auto it = std::find_if(trees_.begin(), trees_.end(),
                         [=](auto& x) { return x.number == number; });
  return it == trees_.end() ? nullptr : &*it;
}

} // namespace bulwark
