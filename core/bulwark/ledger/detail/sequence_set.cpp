#include <bulwark/ledger/detail/sequence_set.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

bool sequence_set::add_out_of_turn(uint64_t number) {
  if (number > highest_) {
    holes_.push_back({highest_ + 1, number - 1});
    highest_ = number;
  } else {
    auto at = std::partition_point(holes_.begin(), holes_.end(),
                                   [=](auto& x) { return x.to < number; });
    if (at == holes_.end() || at->from > number)
      return false;
    auto rest = hole{number + 1, at->to};
    at->to = number - 1;
    auto before = at->from <= at->to;
    if (rest.from <= rest.to) {
      if (before)
        holes_.insert(at + 1, rest);
      else
        *at = rest;
    } else if (!before) {
      holes_.erase(at);
    }
  }
  if (holes_.size() > holes_max) {
    holes_.erase(holes_.begin());
    ++closed_;
  }
  return true;
}

void sequence_set::fill(uint64_t from, uint64_t to) {
  if (to > highest_) {
    if (from > highest_ + 1)
      holes_.push_back({highest_ + 1, from - 1});
    highest_ = to;
  }
  std::vector<hole> left;
  left.reserve(holes_.size() + 1);
  for (const auto& each : holes_) {
    if (each.from < from)
      left.push_back({each.from, std::min(each.to, from - 1)});
    if (each.to > to)
      left.push_back({std::max(each.from, to + 1), each.to});
  }
  holes_ = std::move(left);
}

} // namespace bulwark
