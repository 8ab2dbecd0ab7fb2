#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulwark {

/// Which of those that wait is served first; only critical work may take what
/// a bulkhead reserves.
enum class call_priority : uint8_t { critical, normal, background };

inline constexpr size_t call_priorities = 3;

std::string to_string(call_priority priority);

} // namespace bulwark
