#pragma once

#include <cstddef>

namespace bulwark {

/// Most nodes of a cluster: each is connected to all others. What a node keeps
/// of each other one is sized by this.
inline constexpr size_t nodes_max = 50;

/// Most that one node talks to; more are refused.
inline constexpr size_t cluster_peers_max = nodes_max - 1;

} // namespace bulwark
