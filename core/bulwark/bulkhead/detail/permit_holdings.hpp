#pragma once

#include <bulwark/bulkhead/held_allocations.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace bulwark {

/// Who holds permits that were acquired by themselves, apart from any request:
/// which actor, how many, until when.
///
/// Confined to one thread.
class permit_holdings {
public:
  struct holding {
    uint64_t id = 0;
    uint64_t holder = 0;
    uint32_t consumer = 0;
    uint64_t amount = 0;
    uint32_t tenant = 0;

    /// When they come back by themselves; never by default.
    time_point lease_until = time_point::max();

    /// When they were granted.
    time_point since{};
  };

  /// @pre the id is new
  void add(const holding& what);

  /// Takes `amount` out of a holding; 0: all of it. Nothing, and nothing
  /// changes, when that holder does not hold so much under that id.
  std::optional<holding> release(uint64_t holder, uint64_t id, uint64_t amount);

  /// Returns false, and changes nothing, like `release`.
  bool renew(uint64_t holder, uint64_t id, time_point until);

  /// Takes out all that a holder holds.
  std::vector<holding> leave(uint64_t holder);

  /// Takes out what was lent until now.
  std::vector<holding> expire(time_point now);
  std::optional<time_point> next_expiry() const;

  bool holds_any(uint64_t holder) const;
  size_t size() const noexcept { return all_.size(); }

  void append_to(std::vector<held_entry>& list) const;

private:
  using table = std::map<uint64_t, holding>;

  holding take(table::iterator which);

  table all_;
  std::set<std::pair<uint64_t, uint64_t>> by_holder_;
  std::set<std::pair<time_point, uint64_t>> by_end_;
};

} // namespace bulwark
