#pragma once

#include <bulwark/redundancy/member_status.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// A member of a redundancy group, as the group knows it.
///
/// Immutable after construction.
struct group_replica {
  std::string id;
  member_status status = member_status::healthy;

  /// It gets requests; the others stand by.
  bool active = true;

  /// It was declared active: a standby that was promoted stands in for it.
  bool preferred = true;

  /// It answers with errors, or too slowly, and gets nothing for a while.
  bool ejected = false;

  /// Its work, as a share of what it can do.
  double load = 0;

  /// When it was last found healthy, and since when it has been all the time.
  time_point last_health_check{};
  time_point healthy_since{};

  /// How often it failed; how often it was started again since it was healthy.
  uint64_t failure_count = 0;
  uint32_t recovery_attempts = 0;

  /// Why it is degraded or failed.
  std::string reason = {};

  /// When it failed, the last time first.
  std::array<std::optional<time_point>, 2> failed_at{};

  /// Healthy, and not ejected.
  bool good() const noexcept {
    return status == member_status::healthy && !ejected;
  }

  friend bool operator==(const group_replica&, const group_replica&) = default;
};

} // namespace bulwark
