#pragma once

#include <bulwark/events/event.hpp>

#include <optional>
#include <string_view>

namespace bulwark {

// The inverse of `to_string`. Nothing: no such word, or one that only a newer
// version knows.

[[nodiscard]] std::optional<event_kind> parse_event_kind(std::string_view word);
[[nodiscard]] std::optional<severity> parse_severity(std::string_view word);
[[nodiscard]] std::optional<failure_type>
parse_failure_type(std::string_view word);

} // namespace bulwark
