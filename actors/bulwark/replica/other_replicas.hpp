#pragma once

#include <bulwark/gate/stands_by.hpp>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <utility>

namespace bulwark {

/// Sends a message to all other replicas of the service whose handler runs in
/// this thread that are up on this node, so that those that stand by know what
/// the active one knows. Returns how many these are; 0 outside of a supervised
/// actor behind a gate.
///
/// What a handler sends before it returns is in a standby's mailbox before any
/// request that comes there because this replica has crashed since. It goes
/// beside the gate: no limit counts it.
///
/// Safe to call from any thread.
size_t send_to_other_replicas(const caf::message& what);

template <class... Ts>
size_t tell_other_replicas(Ts&&... content) {
  return send_to_other_replicas(
    caf::make_message(std::forward<Ts>(content)...));
}

} // namespace bulwark
