#pragma once

#include <bulwark/gate_options.hpp>
#include <bulwark/restart_options.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

// Each returns the first complaint, with field, value and rule, or nothing:
// "restart.jitter is 1.5; it must be at least 0 and below 1".

/// No length of time in an option may be longer: a year. It keeps `now` plus
/// a few of them far from an overflow.
inline constexpr duration option_duration_max = std::chrono::hours{24 * 365};

[[nodiscard]] std::optional<std::string>
validate(const restart_options& options);

[[nodiscard]] std::optional<std::string>
validate(const supervisor_options& options);

[[nodiscard]] std::optional<std::string> validate(const gate_options& options);

/// Checks the name of a service, a node, a child: 1 to 64 letters, digits,
/// `_` and `-`, a letter first. `what` is how the complaint calls it:
/// "service name".
[[nodiscard]] std::optional<std::string> validate_name(std::string_view what,
                                                       std::string_view name);

} // namespace bulwark
