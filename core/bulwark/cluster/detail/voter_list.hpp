#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Most nodes that have a say in who has a role.
inline constexpr size_t voters_max = 7;

/// Returns what is wrong with a list of voters that somebody gave, as a rule,
/// or nothing: they are 1, 3, 5 or 7 names of nodes that differ.
[[nodiscard]] std::optional<std::string>
check_voters(const std::vector<std::string>& voters);

/// Returns the names as people read them: `alpha,beta,gamma`, or `none`. Of
/// more than there may be it says how many they are.
[[nodiscard]] std::string voters_text(const std::vector<std::string>& voters);

} // namespace bulwark::detail
