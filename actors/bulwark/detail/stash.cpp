#include <bulwark/detail/stash.hpp>

#include <utility>

namespace bulwark::detail {

stash::stash(size_t messages_max, size_t bytes_max)
  : messages_max_(messages_max), bytes_max_(bytes_max) {}

size_t stash::arrivals() const noexcept {
  size_t result = 0;
  for (const auto& each : levels_)
    result += each.arrived.size();
  return result;
}

size_t stash::size() const noexcept {
  auto result = arrivals();
  for (const auto& each : levels_)
    result += each.returned.size();
  return result;
}

bool stash::fits(size_t bytes) const noexcept {
  return arrivals() < messages_max_ && bytes_ + bytes <= bytes_max_;
}

void stash::arrive(caf::mailbox_element_ptr what, size_t bytes,
                   call_priority rank) {
  levels_[static_cast<size_t>(rank)].arrived.push_back(
    {std::move(what), bytes});
  bytes_ += bytes;
}

void stash::give_back(element_chain&& what) noexcept {
  element_chain urgent;
  element_chain others;
  while (auto each = what.pop_front())
    (each->is_high_priority() ? urgent : others).push_back(std::move(each));
  levels_[static_cast<size_t>(call_priority::critical)].returned.prepend(
    std::move(urgent));
  levels_[static_cast<size_t>(call_priority::normal)].returned.prepend(
    std::move(others));
}

element_chain stash::take_all() {
  return take_if([](const caf::mailbox_element&) { return true; });
}

element_chain stash::take_if(const filter& wanted) {
  element_chain taken;
  for (auto& each : levels_) {
    element_chain kept;
    while (auto what = each.returned.pop_front())
      (wanted(*what) ? taken : kept).push_back(std::move(what));
    each.returned = std::move(kept);
    for (auto& it : each.arrived) {
      if (wanted(*it.what)) {
        taken.push_back(std::move(it.what));
        bytes_ -= it.bytes;
      }
    }
    std::erase_if(each.arrived, [](const arrival& it) { return !it.what; });
  }
  return taken;
}

} // namespace bulwark::detail
