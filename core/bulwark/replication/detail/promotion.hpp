#pragma once

#include <bulwark/replication/detail/member_log.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What has come of a member's attempt to lead.
enum class promotion_verdict : uint8_t {
  /// Too few have told their position.
  too_few,
  /// It leads.
  lead,
  /// Another one is further, and is to try.
  another,
  /// Somebody has promised a later epoch; try again with a larger one.
  outbid,
};

/// Returns the name of `verdict` as written above.
std::string to_string(promotion_verdict verdict);

/// One attempt of one member to become the primary.
///
/// It has promised its epoch to itself, on disk, before it asks; so each epoch
/// is tried once. Who tells its position has promised, on disk, to take nothing
/// older: what was acknowledged before is on one of those who told, and nothing
/// that they do not know of can be acknowledged in an older epoch after. The
/// furthest of them therefore has all that was acknowledged.
///
/// Confined to one thread.
class promotion {
public:
  /// `self` wants to lead in `epoch`; so many have to tell their position,
  /// itself included.
  promotion(size_t members, size_t self, size_t told_min, uint64_t epoch,
            const log_position& own);

  uint64_t epoch() const noexcept { return epoch_; }

  /// What `member` answers to having been asked in `epoch`.
  void on_told(size_t member, uint64_t epoch, const told_position& told);

  /// As far as is known. `promised` is what this member has promised by now.
  /// An operator that forces it takes the loss of what only those have that
  /// have not told: `too_few` is `lead` then.
  promotion_verdict decide(uint64_t promised, bool forced) const noexcept;

  /// Who has not told, by place in the list.
  std::vector<size_t> missing() const;

  /// Who is the furthest of those that have told; of several this one, or the
  /// first of them.
  size_t furthest() const noexcept;

  /// The largest epoch that anybody has promised.
  uint64_t largest_epoch() const noexcept { return largest_epoch_; }

private:
  size_t self_;
  size_t told_min_;
  uint64_t epoch_;
  uint64_t largest_epoch_;
  std::vector<std::optional<log_position>> told_;
};

/// "2 of 4 members have told their position, and 3 are needed; missing:
/// db-standby-1, db-standby-2".
std::string explain_too_few(const std::vector<std::string>& members,
                            const std::vector<size_t>& missing,
                            size_t told_min);

} // namespace bulwark::detail
