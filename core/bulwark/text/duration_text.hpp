#pragma once

#include <bulwark/time/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// What `parse_duration` accepts, for error texts.
inline constexpr std::string_view duration_rule =
  "a duration is a number and a unit out of ns, us, ms, s, m, h, such as "
  "250ms or 1.5s";

/// Reads a length of time: `250ms`, `1.5s`, `2m`, `1h`, `100us`, `50ns`.
///
/// Returns nothing for a number without a unit, an unknown unit, a sign,
/// spaces and a fraction of a nanosecond, and `duration::max()` for what is
/// longer than that, so that it can be told that it is too long.
[[nodiscard]] std::optional<duration> parse_duration(std::string_view text);

/// Returns `value` as people and `parse_duration` read it: `412ms`, `1.5s`,
/// `2m`, `0ms`. Below a minute it is rounded to three significant digits,
/// above to whole seconds.
std::string to_text(duration value);

} // namespace bulwark
