#pragma once

#include <bulwark/supervisor/child_spec.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// Returns what is wrong with `spec` under such a supervisor, with field,
/// value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
check_spec(const child_spec& spec, const supervisor_policy& parent);

/// The same for an id alone.
[[nodiscard]] std::optional<std::string> check_id(const std::string& id);

} // namespace bulwark::detail
