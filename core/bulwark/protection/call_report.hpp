#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>

namespace bulwark {

/// What it took to answer a call.
///
/// Immutable after construction.
struct call_report {
  /// Those that were begun, hedges included; 0 when it was refused at once.
  uint32_t attempts = 0;

  /// A copy for another replica was under way.
  bool hedged = false;

  /// The answer is an earlier one for the same content, and from when.
  bool from_cache = false;
  std::optional<wall_time> cache_timestamp = std::nullopt;

  /// The answer is a substitute that was agreed on for this case.
  bool fallback = false;

  friend bool operator==(const call_report&, const call_report&) = default;
};

} // namespace bulwark
