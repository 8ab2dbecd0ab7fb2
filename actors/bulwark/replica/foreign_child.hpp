#pragma once

#include <bulwark/gate/gate.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>
#include <string>

namespace bulwark {

/// Where a renewal hands in what it got. Only the first call counts.
///
/// Confined to the actor that the renewal was given.
struct foreign_answer {
  std::function<void(caf::strong_actor_ptr)> got;
  std::function<void(caf::error)> failed;
};

/// Gets the next incarnation of a foreign actor, now or later: by
/// `remote_spawn`, by a request to the actor that starts it on its node, ...
/// Runs in an actor of its own, `self`, whose requests it may make; must not
/// block. An exception is a failed start, and so is no answer within
/// `ready_within`; what comes later is not adopted.
using foreign_renewal =
  std::function<void(caf::event_based_actor* self, foreign_answer answer)>;

/// Returns the spec of a child that somebody else has started, also on another
/// node. The first incarnation adopts `handle`, unless it is null; each later
/// one asks `renew`. A local foreign_proxy stands for it, so that the
/// supervisor never waits.
///
/// - It is up when it has answered something: CAF's request for its name. One
///   that is dead, or does not answer within `ready_within`, has failed to
///   start.
/// - Its end is reported as it is; where its node was lost, as `unreachable`,
///   of the type `node_lost`. It is asked to end, and killed, by exit messages
///   and may ignore them: then it is abandoned as others are.
/// - Whether it hangs cannot be seen, and nothing of it can be resumed.
child_spec foreign_child(std::string id, caf::strong_actor_ptr handle,
                         foreign_renewal renew);

/// The same for replica `index` behind `at`, which then has it in a slot. A
/// foreign mailbox cannot be handed back, and nobody sees what a foreign actor
/// ends on: what it had not answered then, waiting or begun, is tried again if
/// it is idempotent, see `gate_options::bystander_limit`. The rest is answered
/// `errc::replica_lost`; `errc::unreachable`, if its node was lost.
child_spec foreign_child(std::string id, caf::strong_actor_ptr handle,
                         foreign_renewal renew, const gate& at, uint8_t index);

} // namespace bulwark
