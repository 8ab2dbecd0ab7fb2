#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace bulwark {

/// How many good answers are kept for the time when there are none.
///
/// Immutable after construction.
struct fallback_options {
  /// Whether good answers are kept at all.
  bool last_good = false;

  /// 1 to 10^6, and so many bytes of keys and answers, 1 to 2^40; beyond
  /// either, the one that was asked for longest ago goes.
  size_t entries_max = 1000;
  size_t bytes_max = size_t{16} << 20;

  /// An older answer is none. 0: however old it is.
  duration age_max = duration::zero();

  friend bool operator==(const fallback_options&,
                         const fallback_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const fallback_options& options);

} // namespace bulwark
