#include <bulwark/events/detail/number_set.hpp>

#include <algorithm>
#include <iterator>

namespace bulwark {

bool number_set::add(uint64_t from, uint64_t to) {
  if (from == 0 || from > to)
    return false;
  // The first range that begins behind [from, to] without touching it.
  auto next = to == std::numeric_limits<uint64_t>::max()
                ? ranges_.end()
                : ranges_.upper_bound(to + 1);
  auto first = next;
  while (first != ranges_.begin() && std::prev(first)->second >= from - 1)
    --first;
  if (first == next) {
    if (ranges_.size() >= ranges_max_)
      return false;
    ranges_.emplace_hint(next, from, to);
    return true;
  }
  auto last = std::max(std::prev(next)->second, to);
  if (first->first <= from) {
    first->second = last;
    ranges_.erase(std::next(first), next);
    return true;
  }
  ranges_.erase(first, next);
  ranges_.emplace_hint(next, from, last);
  return true;
}

bool number_set::contains(uint64_t number) const {
  auto next = ranges_.upper_bound(number);
  return next != ranges_.begin() && std::prev(next)->second >= number;
}

uint64_t number_set::upto() const {
  return contains(1) ? ranges_.begin()->second : 0;
}

} // namespace bulwark
