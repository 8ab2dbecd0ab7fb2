#pragma once

#include <caf/fwd.hpp>

namespace bulwark {

/// Registers all messages of supervisors, monitors, gates, bulkheads and quotas
/// under stable names, so that they can be sent to other nodes. A program
/// that starts its own actor system calls this before.
void add_message_types(caf::actor_system_config& config);

} // namespace bulwark
