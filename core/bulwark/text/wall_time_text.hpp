#pragma once

#include <bulwark/time/time.hpp>

#include <string>

namespace bulwark {

/// Returns `value` as ISO 8601 in UTC, cut to milliseconds:
/// `2026-11-21T19:30:00.123Z`.
std::string to_text(wall_time value);

} // namespace bulwark
