#include "simulation/compartment.hpp"

#include <algorithm>

namespace test::sim {

namespace {

compartment::state after(compartment::state it, const act& what) {
  // It refuses what makes no sense, and changes nothing.
  if (what.what == verb::resize && what.capacity > what.reserved) {
    it.capacity = what.capacity;
    it.reserved = what.reserved;
  } else if (what.what != verb::resize) {
    it.draining = what.what == verb::drain;
    it.level = it.draining ? bulwark::isolation::all : what.level;
  }
  return it;
}

} // namespace

void compartment::renew(state from) {
  possible_ = {from};
  for (const auto* each : ordered_)
    possible_.push_back(after(possible_.back(), *each));
}

void compartment::order(const act& what) {
  ordered_.push_back(&what);
  renew(possible_.front());
}

void compartment::heed(bool refused) {
  auto next =
    refused ? possible_.front() : after(possible_.front(), *ordered_.front());
  ordered_.erase(ordered_.begin());
  renew(next);
}

uint64_t compartment::most() const {
  uint64_t result = 0;
  for (auto& each : possible_)
    result = std::max(result, each.capacity);
  return result;
}

uint64_t compartment::most_for_normal() const {
  uint64_t result = 0;
  for (auto& each : possible_)
    result = std::max(result, each.for_normal());
  return result;
}

bool compartment::may_turn_away(bulwark::call_priority what) const {
  return std::any_of(possible_.begin(), possible_.end(), [=](auto& each) {
    return bulwark::turns_away(each.level, what);
  });
}

bool compartment::must_turn_away(bulwark::call_priority what) const {
  return std::all_of(possible_.begin(), possible_.end(), [=](auto& each) {
    return bulwark::turns_away(each.level, what);
  });
}

} // namespace test::sim
