#pragma once

namespace bulwark {

/// Returns the version of Bulwark: `0.1.0`.
const char* version() noexcept;

} // namespace bulwark
