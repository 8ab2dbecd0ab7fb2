#pragma once

#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/options/service_settings.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

// The fields of `service_settings` by name, for files and command lines:
// `restart.initial`, `gate.timeout`, `replicas`, ...

namespace detail {

template <>
std::span<const option_field<service_settings>> fields_of<service_settings>();

} // namespace detail

/// Returns the names of all fields.
std::vector<std::string_view> policy_fields();

/// Returns whether `name` is a field that can be set.
[[nodiscard]] bool is_policy_field(std::string_view name);

/// Returns whether `name` is a field that can be set for all services at
/// once: those of a policy, `restart.initial`, but not `replicas`.
[[nodiscard]] bool is_common_field(std::string_view name);

/// Sets field `name` to what `text` says. Returns nothing, or the rule that
/// `text` breaks; then nothing has changed.
/// @pre `is_policy_field(name)`
[[nodiscard]] std::optional<std::string>
set_policy_field(service_settings& settings, std::string_view name,
                 std::string_view text);

/// Returns the value of field `name` as `set_policy_field` reads it.
/// @pre `is_policy_field(name)`
std::string show_policy_field(const service_settings& settings,
                              std::string_view name);

} // namespace bulwark
