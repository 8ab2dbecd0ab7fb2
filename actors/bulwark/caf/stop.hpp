#pragma once

#include <caf/actor.hpp>

namespace bulwark {

/// Ends an actor of this library, in its own time: a supervisor and its
/// children, a monitor, a bulkhead, a gate, the actor that keeps dead letters.
/// The first three look like any CAF actor, but exit messages do not end them.
/// Returns at once. Without effect on other actors, on actors of other nodes
/// and on those that have ended.
///
/// Safe to call from any thread.
void stop(const caf::actor& which);

} // namespace bulwark
