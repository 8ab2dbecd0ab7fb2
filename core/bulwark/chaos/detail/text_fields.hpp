#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// Cuts the first word, up to a space or tab, off `text` and returns it; empty:
/// there is none.
[[nodiscard]] std::string_view next_word(std::string_view& text) noexcept;

/// Returns `text` without spaces, tabs and carriage returns at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// Each reads `text` into `out`, or returns a complaint that names field, value
// and rule, and leaves `out` alone.

[[nodiscard]] std::optional<std::string>
read_number(std::string_view field, std::string_view text, double& out);

[[nodiscard]] std::optional<std::string>
read_count(std::string_view field, std::string_view text, uint64_t& out);

[[nodiscard]] std::optional<std::string>
read_length(std::string_view field, std::string_view text, duration& out);

} // namespace bulwark
