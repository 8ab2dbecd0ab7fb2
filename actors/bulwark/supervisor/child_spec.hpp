#pragma once

#include <bulwark/caf/run_context.hpp>
#include <bulwark/gate/detail/handled_request.hpp>
#include <bulwark/supervision/child_state.hpp>
#include <bulwark/supervision/exit_class.hpp>
#include <bulwark/supervision/failure_rule.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bulwark {

namespace detail {
struct resume_plan;
} // namespace detail

/// How a supervisor tells one incarnation to end. It goes beside the mailbox,
/// because a blocking actor does not see exit messages and an actor inside
/// `request().await` skips them.
///
/// Safe to call from any thread, but for `wake` and `tells_end`.
struct child_control {
  /// Finish what waits, then end.
  std::atomic<bool> stop{false};

  /// Hand back what waits, finish what was taken up, then end. Only for one
  /// that has said that it does so.
  std::atomic<bool> retire{false};
  std::atomic<bool> can_retire{false};

  /// End before the next message.
  std::atomic<bool> kill{false};

  /// With `stop`: no other incarnation follows.
  std::atomic<bool> for_good{false};

  /// Whether one follows an end that nobody asked for.
  std::atomic<restart_type> type{restart_type::permanent};

  /// Returns whether an end of this kind is one for good, that is, whether it
  /// was asked for or is orderly and no other incarnation follows it. After a
  /// crash that is not known yet.
  bool ends_for_good(exit_class how) const noexcept {
    if (stop.load())
      return for_good.load();
    auto orderly = how == exit_class::normal || how == exit_class::shutdown;
    return orderly && !must_restart(type.load(), how);
  }

  /// Which request of its gate an event-based incarnation handles.
  handled_request at_hand;

  /// What the incarnation is at, written by whoever runs it: odd while it
  /// handles something. The number changes with each handful of messages and
  /// with each answer; with each message when `one_by_one` is set, because
  /// the supervisor suspects it to hang.
  std::atomic<uint32_t> progress_counter{0};
  std::atomic<bool> one_by_one{false};

  /// The incarnation tells its supervisor that it has ended, which otherwise
  /// attaches a functor to it. Set by the start function, if at all.
  bool tells_end = false;

  /// Wakes one that waits beside its mailbox, so that it looks at the flags.
  /// Set by the start function, if at all, and called by the supervisor after
  /// it has told it to end; neither while the other does.
  std::function<void()> wake;

  // Written by an incarnation that ends, before its supervisor is told: how
  // many messages waited and went back to the gate, waited beside the gate
  // and were refused, and were begun and are answered by its end.
  std::atomic<uint32_t> kept{0};
  std::atomic<uint32_t> refused{0};
  std::atomic<uint32_t> taken_up{0};
};

/// What a start function is told about the incarnation that it starts.
///
/// Immutable after construction.
struct birth {
  /// The supervisor, which expects `detail::child_up{key, incarnation}` as soon
  /// as the child's behaviour is installed.
  caf::strong_actor_ptr supervisor;

  /// Which child of that supervisor.
  uint64_t key = 0;

  /// Which start of that child, from 1.
  uint64_t incarnation = 0;

  std::shared_ptr<child_control> control;

  /// What `start_instance` was given; else empty.
  caf::message arguments = {};

  /// Which exceptions this incarnation is to survive; null for none.
  std::shared_ptr<const detail::resume_plan> resume = {};
};

/// Starts one incarnation and returns it.
using start_function = std::function<caf::strong_actor_ptr(run_context, birth)>;

enum class child_kind : uint8_t { worker, supervisor };

/// What comes after a change.
enum class child_next : uint8_t {
  /// Whatever follows from its state.
  open,
  /// With `abandoned`: the next change tells what is to become of the child.
  more_follows,
  /// Nothing: the supervisor has forgotten the child.
  forgotten,
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

  child_next next = child_next::open;
};

/// Thrown by a start function whose child is not wanted, now or on this node:
/// it is left down, or forgotten where its end would be, and that is no
/// failure. Erlang/OTP's `ignore`.
struct ignore_start {};

/// What a supervisor needs to know about one child.
///
/// Immutable after construction.
struct child_spec {
  /// Unique among its siblings, without `/`. The child's path is that of its
  /// supervisor, a slash and this.
  std::string id;

  child_kind kind = child_kind::worker;

  restart_options restart;

  limit_action on_limit = limit_action::cool_down;

  /// Counts for its supervisor's `on_significant`.
  bool significant = false;

  /// A worker that is not up after this long has failed to start.
  duration ready_within = std::chrono::seconds{30};

  /// A worker that has been in one handler for this long hangs: it is killed,
  /// abandoned if it still does not come back, and replaced. When it is
  /// abandoned the request in that handler is answered `errc::service_hung`,
  /// what else it had not answered `errc::replica_lost`; of a blocking actor
  /// all is answered `errc::service_hung`, because nobody sees which request
  /// it handles. What is idempotent is tried again first. Noticed at most a
  /// quarter later. 0: never; else at least 10 ms.
  ///
  /// Counted as one: up to 16 messages in a row that are handled without an
  /// answer. Of actors started by `start_behind` and `start_alone` only; a
  /// blocking one counts from the receipt of a message to the next wait.
  duration hung_after = std::chrono::seconds{60};

  /// What certain failures mean; the first rule that fits decides. Without
  /// one, the restart type does.
  std::vector<failure_rule> on_failure;

  /// By how many steps the severity of its failures is moved, -3 to 3: a cache
  /// that nobody misses has less, what carries money more.
  int severity_shift = 0;

  /// Starts one incarnation and returns it. Runs in the supervisor, must not
  /// block. An exception and a null handle count as a failed start, except
  /// `ignore_start`.
  start_function start;

  /// Optional. Runs in the supervisor; must neither throw nor block.
  std::function<void(const child_change&)> on_change;
};

} // namespace bulwark
