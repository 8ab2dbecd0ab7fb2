#pragma once

#include <bulwark/replication/detail/log_index.hpp>
#include <bulwark/replication/log_entry.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace bulwark::detail {

/// What a member does with an entry that it is offered.
enum class offer_verdict : uint8_t {
  /// It follows the last one: stores it.
  append,
  /// Others stand there, of a primary that was replaced: drops what comes after
  /// its predecessor, and stores it.
  replace,
  /// It is there already.
  have,
  /// Entries before it are missing.
  gap,
  /// Another entry stands where its predecessor is to be.
  diverged,
  /// It is before all that this member keeps: nothing is left to compare.
  too_old,
  /// Of an epoch older than one that this member has promised.
  fenced,
  /// Of one epoch two different entries for one place. Nothing is changed.
  contradiction,
};

/// Returns the name of `verdict` as written above.
std::string to_string(offer_verdict verdict);

/// What a member answers to an entry or a snapshot.
struct offer_answer {
  offer_verdict verdict = offer_verdict::have;

  /// The largest epoch that it has promised.
  uint64_t promised = 0;

  /// Where it is: the entry, if that is stored; what ends its log, if there is
  /// a gap; what stands in place of the predecessor, if that is another one.
  log_position position{};

  friend bool operator==(const offer_answer&, const offer_answer&) = default;
};

/// What a member answers to one that wants to lead.
struct told_position {
  /// It will take nothing of an older epoch any more.
  bool yes = false;

  uint64_t promised = 0;
  log_position last{};

  friend bool operator==(const told_position&, const told_position&) = default;
};

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

} // namespace bulwark::detail
