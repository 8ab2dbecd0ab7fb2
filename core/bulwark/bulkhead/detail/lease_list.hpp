#pragma once

#include <bulwark/bulkhead/held_allocations.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace bulwark {

/// Who holds leases of a memory pool, each since when. As many as there are
/// leases: each is an object of its holder's, and counted within the capacity.
///
/// Confined to one thread; the bulkhead guards it with a lock.
class lease_list {
public:
  /// Returns its number, from 1.
  uint64_t add(uint32_t consumer, uint64_t amount, time_point since) {
    auto number = last_ + 1;
    all_.emplace(number, held_entry{held_entry::kind::lease, consumer, number,
                                    amount, since});
    return last_ = number;
  }

  void remove(uint64_t number) noexcept { all_.erase(number); }

  void append_to(std::vector<held_entry>& list) const {
    for (const auto& [number, each] : all_)
      list.push_back(each);
  }

private:
  uint64_t last_ = 0;
  std::map<uint64_t, held_entry> all_;
};

} // namespace bulwark
