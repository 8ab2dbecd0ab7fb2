#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// When one is warned.
///
/// Immutable after construction.
struct warning_options {
  /// How far ahead: 1 s to a day.
  duration horizon = std::chrono::minutes{30};

  /// Share of the variance that a line has to explain: above 0 and at most 1.
  double fit_min = 0.8;

  /// Samples without which nothing is foreseen: 4 to 1,000.
  uint64_t samples_min = 10;

  /// A warning is a false alarm when so long after the expected time, or as
  /// long again as it was ahead if that is longer, nothing has happened: 1 s to
  /// a day.
  duration grace = std::chrono::minutes{1};

  friend bool operator==(const warning_options&,
                         const warning_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const warning_options& options);

} // namespace bulwark
