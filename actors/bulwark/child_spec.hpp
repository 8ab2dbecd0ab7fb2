#pragma once

#include <bulwark/restart_options.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/intrusive_ptr.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bulwark {

/// How a supervisor tells one incarnation to end. It goes beside the mailbox,
/// because a blocking actor does not see exit messages and an actor inside
/// `request().await` skips them.
///
/// Safe to call from any thread.
struct child_control {
  /// Finish what waits, then end.
  std::atomic<bool> stop{false};

  /// End before the next message.
  std::atomic<bool> kill{false};
};

/// What a start function is told about the incarnation that it starts.
///
/// Immutable after construction.
struct birth {
  /// Who wants to hear `detail::child_up{key, incarnation}` as soon as the
  /// child's behaviour is installed.
  caf::strong_actor_ptr supervisor;

  /// Which child of that supervisor.
  uint64_t key = 0;

  /// Which start of that child, from 1.
  uint64_t incarnation = 0;

  std::shared_ptr<child_control> control;
};

enum class child_kind : uint8_t { worker, supervisor };

/// Where a child is in its life.
enum class child_state : uint8_t {
  /// The start function ran, `child_up` did not come yet.
  starting,
  up,
  /// Ended; its restart is pending.
  waiting,
  /// Beyond its limit; it cools down and is then tried again.
  failed,
  stopping,
  /// Ended for good: orderly, or its restart type says so.
  stopped,
  /// Did not stop when killed; its thread may run for ever.
  abandoned,
};

/// One step in the life of a child, as told to `child_spec::on_change`.
///
/// Immutable after construction.
struct child_change {
  child_state state = child_state::starting;
  uint64_t incarnation = 0;

  /// The incarnation, while `starting`, `up` and `stopping`; else null.
  caf::strong_actor_ptr handle;

  /// Why the last incarnation ended; empty when it did not fail.
  caf::error reason;
};

/// What a supervisor needs to know about one child.
///
/// Immutable after construction.
struct child_spec {
  /// Unique among its siblings, without `/`. The child's path is that of its
  /// supervisor, a slash and this.
  std::string id;

  child_kind kind = child_kind::worker;

  restart_options restart;

  /// Starts one incarnation and returns it. Runs in the supervisor, must not
  /// block. An exception and a null handle count as a failed start.
  std::function<caf::strong_actor_ptr(caf::execution_unit*, const birth&)>
    start;

  /// Optional. Runs in the supervisor; must neither throw nor block.
  std::function<void(const child_change&)> on_change;
};

} // namespace bulwark
