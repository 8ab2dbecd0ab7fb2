#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// When a call that takes long is sent to another replica as well.
///
/// Immutable after construction.
struct hedge_options {
  /// So many more at most: 0 to 10. 0: none.
  uint32_t extra = 0;

  /// After how long each; 0: after the `quantile` of the latest calls, (0, 1].
  duration delay = duration::zero();
  double quantile = 0.95;

  /// Before so many calls have ended, 1 to 100, no quantile is known, and
  /// nothing is hedged.
  uint32_t samples_min = 20;

  /// Never earlier, whatever the quantile is.
  duration delay_min = std::chrono::milliseconds{10};

  friend bool operator==(const hedge_options&, const hedge_options&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const hedge_options& options);

/// The same for a gate, which makes one copy of a call at most.
[[nodiscard]] std::optional<std::string>
validate_for_gate(const hedge_options& options);

} // namespace bulwark
