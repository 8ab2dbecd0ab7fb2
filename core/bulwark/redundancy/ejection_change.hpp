#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulwark {

/// Why a replica is ejected.
enum class ejection_cause : uint8_t {
  errors_in_row,
  error_share,
  latency,
};

/// Returns the name of `cause` as written above.
std::string to_string(ejection_cause cause);

/// A replica that is up gets nothing from now on, or is used again.
struct ejection_change {
  size_t member = 0;
  bool ejected = false;

  /// Of one that is ejected: why, for how long, and which time it is.
  ejection_cause cause = ejection_cause::errors_in_row;
  duration length{};
  uint32_t times = 0;

  friend bool operator==(const ejection_change&,
                         const ejection_change&) = default;
};

} // namespace bulwark
