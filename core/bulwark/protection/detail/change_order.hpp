#pragma once

#include <bulwark/protection/detail/breaker_word.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace bulwark {

/// Puts what threads have to tell of a breaker's changes into the order in
/// which these happened: a change waits here until all before it were told.
/// As many wait as threads are between a change and telling it.
///
/// Confined to one thread.
template <class T>
class change_order {
public:
  /// `period` is that of a `breaker_change`. Returns what is to be told now.
  std::vector<T> add(uint32_t period, T what) {
    waiting_.emplace(period, std::move(what));
    std::vector<T> result;
    for (auto at = waiting_.find(next_); at != waiting_.end();
         at = waiting_.find(next_)) {
      result.push_back(std::move(at->second));
      waiting_.erase(at);
      next_ = (next_ + 1) & breaker_word::period_mask;
    }
    return result;
  }

private:
  // A breaker begins with period 1.
  uint32_t next_ = 2;
  std::map<uint32_t, T> waiting_;
};

} // namespace bulwark
