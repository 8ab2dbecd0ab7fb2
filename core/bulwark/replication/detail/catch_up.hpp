#pragma once

#include <bulwark/replication/detail/log_index.hpp>
#include <bulwark/replication/detail/member_log.hpp>

#include <cstddef>
#include <cstdint>

namespace bulwark::detail {

/// What a primary sends next to a member that lacks something, or has something
/// else.
struct catch_up_plan {
  enum class kind : uint8_t {
    /// It has all.
    nothing,
    /// `count` entries from `first` on.
    entries,
    /// The whole database.
    snapshot,
  };

  kind what = kind::nothing;
  uint64_t first = 0;
  size_t count = 0;

  friend bool operator==(const catch_up_plan&, const catch_up_plan&) = default;
};

/// Returns what comes after `answer`, of at most `batch_max` entries. Where the
/// two logs differ it goes back, epoch by epoch or entry by entry, each time
/// further, until they agree or a snapshot has to do.
/// @pre the answer is not `fenced` and no `contradiction`
catch_up_plan plan_catch_up(const log_index& own, const offer_answer& answer,
                            size_t batch_max) noexcept;

} // namespace bulwark::detail
