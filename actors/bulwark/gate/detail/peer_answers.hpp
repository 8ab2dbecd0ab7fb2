#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/gate/detail/gate_reports.hpp>

#include <caf/fwd.hpp>

namespace bulwark::detail {

/// Makes the answer to another node's gate one that it can read: what cannot
/// travel becomes an error that says so, and is told by an event.
element_ptr to_peer(element_ptr answer, const caf::actor_system& sys,
                    const gate_reports& reports);

/// Returns what the service of another node has answered.
element_ptr from_peer(element_ptr answer, const gate_reports& reports);

} // namespace bulwark::detail
