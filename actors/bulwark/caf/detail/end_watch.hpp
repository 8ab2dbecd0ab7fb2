#pragma once

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

namespace bulwark::detail {

/// An actor that is watched has ended. Comes from the actor itself; not a
/// `down_msg`, because anyone can send that.
struct actor_ended {
  caf::actor_addr who;
  caf::error reason;
};

/// Has `watcher` told by one `actor_ended` when `who` ends, at once if it has
/// ended. `who` may be on another node.
void watch_end(const caf::actor_addr& who, const caf::actor_addr& watcher);

/// Takes that back; a notice may be on its way already.
void unwatch_end(const caf::actor_addr& who, const caf::actor_addr& watcher);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::actor_ended)
