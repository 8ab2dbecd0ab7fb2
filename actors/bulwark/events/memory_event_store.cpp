#include <bulwark/events/memory_event_store.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

memory_event_store::memory_event_store(size_t events_max)
  : events_max_(events_max) {}

void memory_event_store::append(event what) noexcept {
  try {
    auto node = what.node;
    auto boot = what.boot;
    if (keep(std::move(what)))
      tell(node, boot);
  } catch (...) {
    // Without memory for it: its position tells that it is not here.
  }
}

bool memory_event_store::keep(event what) {
  std::lock_guard guard{lock_};
  if (positions_.contains(what.node, what.boot, what.sequence))
    return false;
  if (!positions_.add(what.node, what.boot, what.sequence, what.sequence))
    return false;
  enter(std::move(what));
  if (order_.size() > events_max_)
    forget_oldest();
  return true;
}

void memory_event_store::enter(event what) {
  origin_name name{what.node, what.boot};
  order_.emplace_back(name, what.sequence);
  auto number = what.sequence;
  events_[std::move(name)].emplace(number, std::move(what));
}

void memory_event_store::forget_oldest() {
  const auto& [name, number] = order_.front();
  auto at = events_.find(name);
  at->second.erase(number);
  if (at->second.empty())
    events_.erase(at);
  order_.pop_front();
}

void memory_event_store::note_gap(std::string node, uint64_t boot,
                                  uint64_t from, uint64_t to) noexcept {
  try {
    auto moved = [&] {
      std::lock_guard guard{lock_};
      return positions_.add(node, boot, from, to);
    }();
    if (moved)
      tell(node, boot);
  } catch (...) {
    // Without memory for it: its position has not moved.
  }
}

std::vector<event_position> memory_event_store::positions() const {
  std::lock_guard guard{lock_};
  return positions_.all();
}

std::vector<event> memory_event_store::find(const origin_name& origin,
                                            uint64_t first, size_t max) const {
  std::lock_guard guard{lock_};
  std::vector<event> result;
  auto at = events_.find(origin);
  if (at == events_.end())
    return result;
  auto most = std::min(max, read_max);
  for (auto i = at->second.lower_bound(first);
       i != at->second.end() && result.size() < most; ++i)
    result.push_back(i->second);
  return result;
}

void memory_event_store::read(std::string node, uint64_t boot, uint64_t first,
                              size_t max, reader then) {
  auto found = find({std::move(node), boot}, first, max);
  try {
    then(std::move(found));
  } catch (...) {
    // A reader that fails is none of ours.
  }
}

void memory_event_store::on_durable(durable_listener then) {
  std::lock_guard guard{listener_lock_};
  listener_ = std::move(then);
}

void memory_event_store::tell(const std::string& node, uint64_t boot) {
  std::lock_guard guard{listener_lock_};
  if (!listener_)
    return;
  uint64_t upto = 0;
  {
    std::lock_guard inner{lock_};
    upto = positions_.upto(node, boot);
  }
  try {
    listener_({{node, boot, upto}});
  } catch (...) {
    // A listener that fails is none of ours.
  }
}

} // namespace bulwark
