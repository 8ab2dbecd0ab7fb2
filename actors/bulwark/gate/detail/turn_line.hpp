#pragma once

#include <bulwark/gate/detail/passage.hpp>
#include <bulwark/gate/detail/rate_waiters.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Who of those that wait at a gate waits for a turn: because a protection has
/// said that it may go later, or behind such a one of its sender.
///
/// Confined to one thread; a gate guards it with the lock of its line. What is
/// marked so is safe to call from any thread.
class turn_line {
public:
  // -- from any thread --------------------------------------------------------

  /// Of one sender at a time this is exact: it sees what it sent before.
  bool anyone_waits() const noexcept {
    return waiting_.load(std::memory_order_acquire) > 0;
  }

  /// When somebody's turn comes next, as far as known.
  time_point next_turn() const noexcept {
    return time_point{duration{next_.load(std::memory_order_seq_cst)}};
  }

  // -- who waits --------------------------------------------------------------

  /// Whether a message has to wait for its turn, or for others of its sender.
  /// @pre it took one
  bool early(const passage& way, const element& what, call_priority priority,
             time_point now) const;

  /// It waits for its turn, if it is early, or for something else. Returns how
  /// long it is until its turn.
  duration note(const passage& way, const element& what, call_priority priority,
                time_point now);

  /// It waits for its turn, and nobody behind it.
  void back_off(pending_id id, const rate_turn& turn, call_priority priority);

  /// See `rate_waiters`.
  bool waits(pending_id id) const { return waiters_.waits(id); }
  bool may_pass(pending_id id, time_point now) const {
    return waiters_.may_pass(id, now);
  }
  void pass(pending_id id);
  void turn_away(pending_id id) { waiters_.turn_away(id); }
  size_t waiting() const noexcept { return waiters_.waiting(); }

  /// A replica gets it: its turn is used.
  void begun(pending_id id);

  /// It ends without that, and its turn comes back to the tenant's rate.
  /// Nothing: it had none.
  std::optional<rate_waiters::removed> left(pending_id id);

  /// Looks for the turn after `now`. Returns whether earlier ones have come.
  bool look(time_point now);

private:
  time_point stand(pending_id id, rate_waiters::message what);
  void note_waiting() noexcept;

  rate_waiters waiters_;
  std::atomic<size_t> waiting_{0};
  std::atomic<int64_t> next_{std::numeric_limits<int64_t>::max()};
};

} // namespace bulwark::detail
