#pragma once

#include <bulwark/ledger/report.hpp>

#include <cstdint>

// The names and weights are those of the document that the project grew from.
namespace bulwark {

/// Whether a component of this kind counts in the figures of the system.
[[nodiscard]] bool is_of_system(component_kind kind) noexcept;

/// Returns the mean time between the beginnings of outages in hours; infinite
/// below two. The mean of all gaps is the way from the first to the last, by
/// their number. Times are in microseconds.
[[nodiscard]] double mtbf_of(uint64_t outages, int64_t first,
                             int64_t last) noexcept;

/// Returns the mean in minutes of times in microseconds; 0 of none.
[[nodiscard]] double mttr_of(int64_t recovery_time, uint64_t measured) noexcept;

/// What the score is computed from.
struct score_input {
  double availability_24h = 100;
  double mttr_minutes = 0;
  double mtbf_hours = 0;

  /// Components that were down within the last 24 h, of those that are known.
  uint64_t failed_24h = 0;
  uint64_t known = 0;
};

/// Returns 0.4 x availability + max(0, 30 - mttr / 10) + min(20, mtbf / 10) +
/// 10 x (1 - failed / known), within 0 and 100. Without a recovery the second
/// part is 30, with an infinite mtbf the third is 20, and 10 is the fourth when
/// nothing is known.
[[nodiscard]] double score_of(const score_input& input) noexcept;

} // namespace bulwark
