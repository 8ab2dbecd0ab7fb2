#include <bulwark/gate/detail/stash.hpp>

#include <algorithm>
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

void stash::arrive(element_ptr&& what, size_t bytes, call_priority rank) {
  auto& arrived = levels_[static_cast<size_t>(rank)].arrived;
  arrived.push_back({nullptr, bytes});
  arrived.back().what = std::move(what);
  bytes_ += bytes;
}

element& stash::last(call_priority rank) noexcept {
  return *levels_[static_cast<size_t>(rank)].arrived.back().what;
}

element_ptr stash::take_last(call_priority rank) noexcept {
  auto& arrived = levels_[static_cast<size_t>(rank)].arrived;
  auto result = std::move(arrived.back().what);
  bytes_ -= arrived.back().bytes;
  arrived.pop_back();
  return result;
}

void stash::give_back(element_chain&& what) noexcept {
  element_chain urgent;
  element_chain others;
  while (auto each = what.pop_front())
    (is_urgent(*each) ? urgent : others).push_back(std::move(each));
  levels_[static_cast<size_t>(call_priority::critical)].returned.prepend(
    std::move(urgent));
  levels_[static_cast<size_t>(call_priority::normal)].returned.prepend(
    std::move(others));
}

void stash::come_back(element_ptr what) noexcept {
  auto rank =
    is_urgent(*what) ? call_priority::critical : call_priority::normal;
  levels_[static_cast<size_t>(rank)].returned.push_back(std::move(what));
}

element_chain stash::take_all() noexcept {
  return take_if([](const element&, bool) { return choice::take; });
}

element_chain stash::take_if(const filter& wanted,
                             element_chain* failed) noexcept {
  element_chain taken;
  auto said = choice::leave;
  // Where one goes to; null: it stays.
  auto way_of = [&](const element& what, bool came_back) -> element_chain* {
    try {
      if (said != choice::stop)
        said = wanted(what, came_back);
    } catch (...) {
      said = choice::leave; // Out of memory.
      return failed;
    }
    return said == choice::take ? &taken : nullptr;
  };
  for (auto& each : levels_) {
    if (said == choice::stop)
      break;
    element_chain kept;
    while (said != choice::stop && !each.returned.empty()) {
      auto what = each.returned.pop_front();
      auto* way = way_of(*what, true);
      auto& to = way != nullptr ? *way : kept;
      to.push_back(std::move(what));
    }
    each.returned.prepend(std::move(kept));
    size_t looked_at = 0;
    for (auto& it : each.arrived) {
      ++looked_at;
      if (auto* to = way_of(*it.what, false)) {
        to->push_back(std::move(it.what));
        bytes_ -= it.bytes;
      }
      if (said == choice::stop)
        break;
    }
    auto end = each.arrived.begin() + static_cast<ptrdiff_t>(looked_at);
    each.arrived.erase(std::remove_if(each.arrived.begin(), end,
                                      [](auto& it) { return !it.what; }),
                       end);
  }
  return taken;
}

} // namespace bulwark::detail
