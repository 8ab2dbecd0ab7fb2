#pragma once

#include <bulwark/log/format.hpp>

#include <string>

namespace bulwark::detail {

/// Returns `INFO`, `WARN`, `ERROR` or `CRIT`.
std::string level_name(log_level level);

} // namespace bulwark::detail
