#pragma once

#include <bulwark/replication/log_position.hpp>

#include <cstdint>
#include <string>

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

} // namespace bulwark::detail
