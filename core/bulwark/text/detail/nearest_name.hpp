#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// Returns how many letters have to be inserted, deleted or replaced, or pairs
/// of neighbours swapped, to make `b` of `a`.
size_t edit_distance(std::string_view a, std::string_view b);

/// Returns the one of `names` that is most like `name`, or nothing where none
/// is at most a third of its letters away; of equals, the first one.
std::string nearest_name(std::string_view name,
                         const std::vector<std::string>& names);

} // namespace bulwark
