#pragma once

#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace bulwark {

/// The last good answer for each content, for the time when there is none.
/// Beyond a bound of `fallback_options` the one goes that was put or found
/// longest ago. An answer that is larger than all of it is not kept.
///
/// Confined to one thread.
template <class Value>
class answer_cache {
public:
  struct entry {
    std::string key;
    Value value;
    size_t bytes;
    time_point at;
    /// When it came, as people read it.
    wall_time timestamp;
  };

  /// @pre `validate(options)` has no complaint
  explicit answer_cache(const fallback_options& options) : options_(options) {}

  /// `bytes` is how large the value is; the key is added to it.
  void put(std::string_view key, Value value, size_t bytes, time_point now,
           wall_time timestamp) {
    bytes += key.size();
    if (bytes > options_.bytes_max)
      return;
    erase(key);
    while (!entries_.empty()
           && (entries_.size() >= options_.entries_max
               || bytes_ > options_.bytes_max - bytes))
      erase(entries_.back().key);
    entries_.push_front(
      {std::string{key}, std::move(value), bytes, now, timestamp});
    known_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
  }

  /// Returns null where none is known, or it is too old.
  const entry* find(std::string_view key, time_point now) {
    auto at = known_.find(key);
    if (at == known_.end())
      return nullptr;
    if (options_.age_max > duration::zero()
        && now - at->second->at > options_.age_max) {
      erase(key);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, at->second);
    return &entries_.front();
  }

  size_t size() const noexcept { return entries_.size(); }
  size_t bytes() const noexcept { return bytes_; }

private:
  void erase(std::string_view key) {
    auto at = known_.find(key);
    if (at == known_.end())
      return;
    auto gone = at->second;
    known_.erase(at);
    bytes_ -= gone->bytes;
    entries_.erase(gone);
  }

  fallback_options options_;
  size_t bytes_ = 0;

  // The latest one first; the keys of `known_` are theirs.
  std::list<entry> entries_;
  std::unordered_map<std::string_view, typename std::list<entry>::iterator>
    known_;
};

} // namespace bulwark
