#include "core/redundancy/plain_group.hpp"

#include <algorithm>
#include <optional>

using namespace bulwark;

namespace test {

plain_group::plain_group(size_t active, size_t standby,
                         const group_options& options, time_point now)
  : options_(options),
    demanded_(active),
    size_(active + standby),
    failures_(size_),
    well_since_(size_, now) {
  for (size_t i = 0; i < active; ++i)
    active_.set(i);
}

bool plain_group::flaps(size_t which) const {
  const auto& all = failures_[which];
  return all.size() >= 2
         && all.back() - all[all.size() - 2] < options_.reset_after;
}

/// Promotes until enough are good, or nobody is left.
void plain_group::settle() {
  while ((active_ & good()).count() < options_.min_healthy) {
    std::vector<size_t> candidates;
    for (size_t i = 0; i < size_; ++i)
      if (!active(i) && good(i))
        candidates.push_back(i);
    if (candidates.empty()) {
      // Rather one that is not good than nobody.
      std::optional<size_t> last;
      for (size_t i = 0; i < size_ && active_.none(); ++i)
        if (there(i) && (!last || (out_[*last] && !out_[i])))
          last = i;
      if (last)
        active_.set(*last);
      return;
    }
    std::stable_partition(candidates.begin(), candidates.end(),
                          [&](size_t i) { return !flaps(i); });
    if (active_.count() == demanded_) {
      std::vector<size_t> bad;
      for (size_t i = 0; i < size_; ++i)
        if (active(i) && !good(i))
          bad.push_back(i);
      std::stable_partition(bad.begin(), bad.end(),
                            [&](size_t i) { return out_[i]; });
      active_.reset(bad.front());
    }
    active_.set(candidates.front());
  }
}

void plain_group::take_place(size_t which) {
  if (which < demanded_ && good(which) && active_.count() < demanded_)
    active_.set(which);
}

void plain_group::failed(size_t which, time_point now) {
  if (down_[which])
    return;
  starting_.reset(which);
  unwell_.reset(which);
  out_.reset(which);
  down_.set(which);
  failures_[which].push_back(now);
  active_.reset(which);
  settle();
  for (size_t i = 0; i < size_; ++i)
    take_place(i);
}

void plain_group::recovering(size_t which) {
  if (down_[which])
    starting_.set(which);
  down_.reset(which);
}

void plain_group::healthy(size_t which, time_point now) {
  if (there(which) && !unwell_[which])
    return;
  down_.reset(which);
  starting_.reset(which);
  unwell_.reset(which);
  well_since_[which] = now;
  take_place(which);
  settle();
}

void plain_group::degraded(size_t which) {
  if (there(which))
    unwell_.set(which);
  settle();
}

void plain_group::ejected(size_t which, bool is) {
  if (!there(which))
    return;
  auto back = out_[which] && !is;
  out_.set(which, is);
  if (back)
    take_place(which);
  settle();
}

void plain_group::wake(time_point now) {
  if (options_.policy != fail_back::preferred)
    return;
  for (size_t i = 0; i < demanded_; ++i) {
    if (active(i) || !good(i) || flaps(i)
        || now < well_since_[i] + options_.fail_back_after)
      continue;
    std::optional<size_t> leaves;
    for (auto j = demanded_; j < size_; ++j)
      if (active(j) && (!leaves || (good(*leaves) && !good(j))))
        leaves = j;
    if (!leaves)
      return;
    active_.reset(*leaves);
    active_.set(i);
  }
}

} // namespace test
