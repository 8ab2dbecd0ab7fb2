#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// Checks the name of a service, a node, a child: 1 to 64 letters, digits,
/// `_` and `-`, a letter first. `what` is how the complaint calls it:
/// "service name".
[[nodiscard]] std::optional<std::string> validate_name(std::string_view what,
                                                       std::string_view name);

} // namespace bulwark
