#include <bulwark/events/detail/peer_feed.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

void own_events::add(event what) {
  if (size_max_ == 0)
    return;
  if (events_.size() == size_max_)
    events_.pop_front();
  events_.push_back(std::move(what));
}

std::vector<event> own_events::from(uint64_t first, size_t max) const {
  if (events_.empty() || events_.back().sequence < first)
    return {};
  auto oldest = events_.front().sequence;
  auto skip = first > oldest ? static_cast<size_t>(first - oldest) : 0;
  auto count = std::min(max, events_.size() - skip);
  auto begin = events_.begin() + static_cast<std::ptrdiff_t>(skip);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

std::vector<event> peer_feed::next(const own_events& events) {
  if (last_on_way_ != 0)
    return {};
  auto batch = events.from(next_, batch_max);
  if (!batch.empty()) {
    first_on_way_ = batch.front().sequence;
    last_on_way_ = batch.back().sequence;
  }
  return batch;
}

uint64_t peer_feed::on_arrived() {
  auto missed = started_ ? first_on_way_ - next_ : 0;
  started_ = true;
  next_ = last_on_way_ + 1;
  last_on_way_ = 0;
  return missed;
}

void peer_feed::on_lost() {
  last_on_way_ = 0;
}

} // namespace bulwark::detail
