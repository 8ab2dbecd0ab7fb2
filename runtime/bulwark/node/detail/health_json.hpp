#pragma once

#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/node/health.hpp>

#include <string>

namespace bulwark::detail {

/// Returns what `/api/health` answers:
///
///     {"node":, "phase":, "journal":, "services":[{"service":, "state":,
///      "where":, "replicas_up":, "replicas":, "peers_up":, "in_flight":,
///      "waiting":, "required_down":[], "optional_down":[]}]}
///
/// and, for a service with standbys, ejection or probes, in `group` the fields
/// of `group_health` by their names. `where` is `here` for services that this
/// node declares, else `elsewhere`.
std::string health_json(const node_health& health, node_phase phase);

} // namespace bulwark::detail
