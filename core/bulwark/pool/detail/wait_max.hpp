#pragma once

#include <bulwark/time/time.hpp>

namespace bulwark {

/// Nobody waits longer for a thread or a connection of a pool: what a pool
/// says for all, and what a request says for itself, is at most this.
inline constexpr duration pool_wait_max = std::chrono::hours{24};

} // namespace bulwark
