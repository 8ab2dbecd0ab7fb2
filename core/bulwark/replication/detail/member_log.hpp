#pragma once

#include <bulwark/replication/detail/log_index.hpp>
#include <bulwark/replication/log_entry.hpp>
#include <bulwark/replication/member_answers.hpp>

#include <cstdint>
#include <utility>

namespace bulwark::detail {

/// A member's log, and what it has promised.
///
/// Each epoch has one primary, whose log only grows; so who has an entry of an
/// epoch has all that its primary had before it. What another one offers is
/// compared by checksum with what is here. Only a primary of a later epoch has
/// entries dropped.
///
/// First `judge`, then the disk, then `stored`, `installed` or `promise`, and
/// then the answer may leave. Where the disk fails nothing has changed.
///
/// Confined to one thread.
class member_log {
public:
  member_log(uint64_t promised, log_index index)
    : promised_(promised), index_(std::move(index)) {}

  /// What is to be done with an entry that the primary of `epoch` offers.
  /// @pre entry.epoch <= epoch, entry.sequence > 0
  offer_answer judge(uint64_t epoch, const log_entry& entry) const noexcept;

  /// The same for a snapshot that ends at `where`: `replace`, `have`, `fenced`.
  /// @pre where.epoch == epoch
  offer_answer judge_snapshot(uint64_t epoch,
                              const log_position& where) const noexcept;

  /// For one that wants to lead in `epoch`.
  told_position judge_ask(uint64_t epoch) const noexcept;

  /// That entry of the primary of `epoch` is on the disk, and the epoch too;
  /// what stood there or later is gone. @pre `judge` said so
  void stored(uint64_t epoch, const log_position& where);

  /// The same for a snapshot: nothing else is here.
  void installed(uint64_t epoch, const log_position& where);

  /// `epoch` is on the disk.
  void promise(uint64_t epoch) noexcept;

  uint64_t promised() const noexcept { return promised_; }
  const log_index& index() const noexcept { return index_; }

private:
  uint64_t promised_;
  log_index index_;
};

/// Returns the epoch in which that member may try to lead next: larger than
/// `promised`, and never one of another member.
/// @pre member < members
uint64_t next_epoch(uint64_t promised, size_t member, size_t members) noexcept;

/// Returns whose that epoch is. @pre epoch > 0, members > 0
constexpr size_t member_of_epoch(uint64_t epoch, size_t members) noexcept {
  return (epoch - 1) % members;
}

} // namespace bulwark::detail
