#pragma once

#include <bulwark/detail/declarations.hpp>
#include <bulwark/emitter.hpp>
#include <bulwark/gate.hpp>
#include <bulwark/supervisor.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Returns what the root supervisor of a node is made with: one supervisor
/// per service, in the given order, and under each the replicas of its
/// service:
///
///     /root
///     /root/orders
///     /root/orders/orders#1
///
/// After them come the children that the program has made itself.
///
/// The gates hear of every change of their replicas.
supervisor_settings
service_tree(const std::vector<service_declaration*>& services,
             const std::vector<child_spec>& others,
             const std::function<gate(const std::string&)>& gate_of,
             const emitter& events, uint64_t seed);

} // namespace bulwark::detail
