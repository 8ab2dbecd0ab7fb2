#pragma once

#include <bulwark/replication/detail/log_index.hpp>
#include <bulwark/replication/log_position.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulwark::detail {

/// What a primary knows of who has its entries on disk, and from that which are
/// acknowledged: those that can never be lost as long as enough members come
/// back.
///
/// An entry is acknowledged when it is on the primary's disk and on those of
/// `needed` others, and it or a later one is of the primary's own epoch. One of
/// an earlier epoch that is on enough disks may still be dropped by a primary
/// that has not heard of it.
///
/// Confined to one thread.
class acknowledgements {
public:
  /// @pre needed <= others
  acknowledgements(uint64_t epoch, size_t others, size_t needed)
    : epoch_(epoch), needed_(needed), stored_(others) {}

  /// That one has told that its log holds `where`, and all before it. What the
  /// primary's log does not hold counts for nothing.
  void on_stored(size_t other, const log_position& where, const log_index& own);

  /// The primary has written one itself.
  void on_own(const log_index& own) { settle(own); }

  /// How many entries are acknowledged: all up to this one.
  uint64_t acknowledged() const noexcept { return acknowledged_; }

  /// Up to where that one has the primary's log, as far as it has told.
  uint64_t stored(size_t other) const noexcept { return stored_[other]; }

private:
  void settle(const log_index& own);

  uint64_t epoch_;
  size_t needed_;
  uint64_t acknowledged_ = 0;
  std::vector<uint64_t> stored_;
};

} // namespace bulwark::detail
