#pragma once

#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

namespace bulwark::detail {

/// The time that an actor has set has come. Cannot be serialised, so that no
/// other process can forge it; what comes late does nothing.
struct time_is_up {};

/// Returns an actor that passes each `time_is_up` on to `whom`, if that still
/// lives: a timer of CAF's would keep alive what nobody holds any more.
///
/// Safe to call from any thread.
caf::strong_actor_ptr make_weak_timer(caf::actor_system& system,
                                      caf::weak_actor_ptr whom);

/// Has `bell` ring at `due`, or at once if that is over.
void set_weak_timer(caf::actor_clock& clock, const caf::strong_actor_ptr& bell,
                    time_point due);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::time_is_up)
