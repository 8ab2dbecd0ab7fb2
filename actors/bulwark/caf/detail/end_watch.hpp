#pragma once

#include <bulwark/caf/run_context.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <functional>

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

/// Calls `then` when `who` ends, with the reason and in the thread in which it
/// ends; at once, if it has ended. Cannot be taken back. `who` may be on
/// another node.
/// @pre `who` is not null; `then` does not throw
void on_end(const caf::strong_actor_ptr& who,
            std::function<void(const caf::error& reason, run_context on)> then);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::actor_ended)
