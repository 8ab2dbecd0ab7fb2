#pragma once

#include <cstddef>
#include <cstdint>

namespace bulwark::detail {

/// Descriptors that a node keeps for itself: its peers, log, journal, and
/// whatever a program opens besides what it serves.
inline constexpr uint64_t descriptors_kept = 128;

/// How many descriptors this process may have open: the soft limit.
uint64_t descriptor_limit() noexcept;

/// Raises the soft limit to the hard one; returns what it is then.
uint64_t raise_descriptor_limit() noexcept;

/// Returns how many of `wanted` connections fit below `limit`, beside what a
/// node keeps: at least 1, and at least half of a small limit.
size_t connections_below(uint64_t limit, size_t wanted) noexcept;

} // namespace bulwark::detail
