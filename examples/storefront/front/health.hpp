#pragma once

#include <bulwark/node/health.hpp>

#include <string>

namespace storefront {

/// Returns what `GET /health` answers: the node, and of each service its
/// state, its replicas, and what it goes without.
std::string health_json(const bulwark::node_health& health);

} // namespace storefront
