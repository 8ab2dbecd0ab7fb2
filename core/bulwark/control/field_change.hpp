#pragma once

#include <string>

namespace bulwark {

/// What a change does to one field that can be set while a node runs:
/// `bulkhead.api.capacity` from `10` to `20`.
///
/// Immutable after construction.
struct field_change {
  std::string field;
  std::string from;
  std::string to;

  friend bool operator==(const field_change&, const field_change&) = default;
};

/// Returns whether a field that was set to `set` and is `now` was left alone
/// since: a bulkhead that drained is closed to all when it is empty.
[[nodiscard]] inline bool is_still(const std::string& now,
                                   const std::string& set) noexcept {
  return now == set || (set == "draining" && now == "all");
}

} // namespace bulwark
