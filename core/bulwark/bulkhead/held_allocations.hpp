#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

class permit_table;

/// Something of a bulkhead that somebody holds by itself, apart from any
/// request: permits that an actor has acquired, what is set aside for a
/// service, a lease of a memory account.
///
/// Immutable after construction.
struct held_allocation {
  /// Whose it is, and which of its own: unique within the bulkhead.
  std::string allocation_id;

  /// Under whose name it is counted, as in `bulkhead_stats::allocations`.
  std::string consumer;

  /// In permits.
  uint64_t amount = 0;

  /// Of a memory pool, in 1,000,000 bytes, by
  /// `bulkhead_options::permit_bytes`; 0 of other kinds.
  double size_mb = 0;

  /// Since when. By the wall clock only where the bulkhead tells events, else
  /// 1970.
  wall_time allocated_at{};
  duration held_for = duration::zero();

  friend bool operator==(const held_allocation&,
                         const held_allocation&) = default;
};

/// What is held of a bulkhead at one moment.
///
/// Immutable after construction.
struct held_allocations {
  static constexpr size_t listed_max = 1000;

  std::string bulkhead;

  /// Held longest first: all of them, or the first `listed_max`.
  std::vector<held_allocation> allocations;

  /// How many there are, listed or not.
  uint64_t total = 0;

  /// How much of the use is not in the list: of those beyond `listed_max`, of
  /// requests under way, and of containers that use a memory account, which
  /// take and give too often to be written down one by one.
  uint64_t not_listed = 0;

  friend bool operator==(const held_allocations&,
                         const held_allocations&) = default;
};

/// Something held, by the number of its consumer in the table.
struct held_entry {
  enum class kind : uint8_t { permit, lease };

  kind what = kind::permit;
  uint32_t consumer = 0;
  uint64_t number = 0;
  uint64_t amount = 0;
  time_point since{};
};

/// Lists `held`, and what is set aside for services by the table.
/// @param wall the time of the wall clock at `now`; 0: unknown
[[nodiscard]] held_allocations list_held(const std::string& name,
                                         const permit_table& table,
                                         std::vector<held_entry> held,
                                         time_point now, wall_time wall);

} // namespace bulwark
