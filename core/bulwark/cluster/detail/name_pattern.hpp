#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Returns what is wrong with a pattern for names of nodes, or nothing: 1 to 64
/// letters, digits, `_`, `-`, `*` and `?`.
[[nodiscard]] std::optional<std::string>
check_name_pattern(std::string_view pattern);

/// Returns whether `name` fits `pattern`: `*` stands for any characters, also
/// for none, `?` for one.
[[nodiscard]] bool fits_pattern(std::string_view pattern,
                                std::string_view name) noexcept;

} // namespace bulwark::detail
