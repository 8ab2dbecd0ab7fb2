#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/events/detail/durable_notes.hpp>

namespace bulwark::detail {

void durable_notes::put(const std::vector<event_position>& moved) {
  bool first = false;
  {
    std::lock_guard guard{lock_};
    first = moved_.empty();
    for (const auto& at : moved)
      moved_[{at.node, at.boot}] = at.upto;
  }
  if (!first)
    return;
  post(monitor_, nullptr, durable_waiting{});
}

std::vector<event_position> durable_notes::take() {
  decltype(moved_) all;
  {
    std::lock_guard guard{lock_};
    all.swap(moved_);
  }
  std::vector<event_position> result;
  result.reserve(all.size());
  for (const auto& [name, upto] : all)
    result.push_back({name.first, name.second, upto});
  return result;
}

} // namespace bulwark::detail
