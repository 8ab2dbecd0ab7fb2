#include <bulwark/rate/detail/keyed_rate.hpp>

#include <algorithm>

namespace bulwark {

keyed_rate::keyed_rate(const rate_options& options)
  : shared_(options), keys_max_(options.keys_max) {}

bool keyed_rate::make_room() {
  for (size_t looks = 0; looks < looks_max; ++looks) {
    if (known_.size() < keys_max_)
      return true;
    if (deadlines_.front().at > latest_)
      return false;
    std::pop_heap(deadlines_.begin(), deadlines_.end(), std::greater<>{});
    auto& earliest = deadlines_.back();
    earliest.at = earliest.key->second.full_at();
    if (earliest.at <= latest_) {
      known_.erase(earliest.key);
      deadlines_.pop_back();
      continue;
    }
    // It was used since.
    std::push_heap(deadlines_.begin(), deadlines_.end(), std::greater<>{});
  }
  return known_.size() < keys_max_;
}

void keyed_rate::change(const rate_options& options, time_point now) {
  latest_ = std::max(latest_, now);
  keys_max_ = options.keys_max;
  shared_.change(options, latest_);
  for (auto& [at, key] : deadlines_) {
    key->second.change(options, latest_);
    at = key->second.full_at();
  }
  std::make_heap(deadlines_.begin(), deadlines_.end(), std::greater<>{});
}

gcra& keyed_rate::rate_of(std::string_view key) {
  if (auto known = known_.find(key); known != known_.end())
    return known->second;
  if (key.size() > key_length_max || !make_room()) {
    ++shared_count_;
    return shared_;
  }
  // It may have used the shared one before: it goes on from there.
  auto added = known_.emplace(key, shared_).first;
  try {
    deadlines_.push_back({added->second.full_at(), added});
  } catch (...) {
    known_.erase(added); // Without a deadline it would be known for ever.
    throw;
  }
  std::push_heap(deadlines_.begin(), deadlines_.end(), std::greater<>{});
  return added->second;
}

rate_verdict keyed_rate::take(std::string_view key, time_point now,
                              uint64_t n) {
  return reserve(key, now, n, duration::zero());
}

rate_verdict keyed_rate::reserve(std::string_view key, time_point now,
                                 uint64_t n, duration wait_max) {
  latest_ = std::max(latest_, now);
  return rate_of(key).reserve(latest_, n, wait_max);
}

void keyed_rate::give_back(std::string_view key, uint64_t n) {
  if (auto known = known_.find(key); known != known_.end())
    known->second.give_back(n);
}

} // namespace bulwark
