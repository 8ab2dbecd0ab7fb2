#pragma once

#include <bulwark/time/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// Returns `value` as ISO 8601 in UTC, cut to milliseconds:
/// `2026-11-21T19:30:00.123Z`.
std::string to_text(wall_time value);

/// What `parse_wall_time` accepts, for error texts.
inline constexpr const char* wall_time_rule =
  "it must be a time in UTC, such as 2026-11-21T19:30:00Z, or seconds since "
  "1970-01-01, such as 1795000000.5";

/// Reads a time: ISO 8601 in UTC, with up to six digits of a second and the
/// `Z` left out if one likes, or seconds since 1970-01-01. From 1970 to 9999.
[[nodiscard]] std::optional<wall_time> parse_wall_time(std::string_view text);

} // namespace bulwark
