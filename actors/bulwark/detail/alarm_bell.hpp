#pragma once

#include <bulwark/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>

namespace bulwark::detail {

/// Returns an actor that passes each `time_is_up` on to `whom`, if that still
/// lives: a timer of CAF's would keep alive what nobody holds any more.
///
/// Safe to call from any thread.
caf::strong_actor_ptr make_bell(caf::actor_system& system,
                                caf::weak_actor_ptr whom);

/// Has `bell` ring at `due`, or at once if that is over.
void ring_bell(caf::actor_clock& clock, const caf::strong_actor_ptr& bell,
               time_point due);

} // namespace bulwark::detail
