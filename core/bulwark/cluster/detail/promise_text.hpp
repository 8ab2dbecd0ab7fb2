#pragma once

#include <bulwark/cluster/detail/role_voter.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// What a voter has promised, by role.
using lease_promises = std::map<std::string, lease_promise>;

/// Most roles that a voter keeps promises of.
inline constexpr size_t promises_max = 256;

/// Returns promises as lines that can be kept: one each, between a first line
/// that names the format and a last one that tells a whole text from a part.
[[nodiscard]] std::string promise_lines(const lease_promises& all);

/// The inverse. Nothing: it is no such text, or not all of it.
[[nodiscard]] std::optional<lease_promises>
parse_promises(std::string_view text);

} // namespace bulwark::detail
