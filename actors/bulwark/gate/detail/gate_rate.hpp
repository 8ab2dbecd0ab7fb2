#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/rate_waiters.hpp>

#include <atomic>
#include <limits>
#include <memory>
#include <utility>

namespace bulwark::detail {

/// A gate's dealings with the rate of its bulkhead: whose turn comes when, and
/// what of it comes back because it was not used.
///
/// For the functions of the second part the gate's lock is held; the others
/// are safe to call from any thread.
class gate_rate {
public:
  explicit gate_rate(std::shared_ptr<bulkhead_core> bulkhead)
    : bulkhead_(std::move(bulkhead)) {}

  gate_rate(const gate_rate&) = delete;
  gate_rate& operator=(const gate_rate&) = delete;

  // -- without the lock -------------------------------------------------------

  /// Takes a turn for a message. False: it comes too soon, and took none.
  /// Nobody waits for a turn that comes after the deadline, and what other
  /// nodes send waits for none: their gates know where else to go.
  bool take(passage& way, const entrance& by);

  /// Gives back what `take` took, which nobody has used.
  void give_back(const rate_turn& turn) noexcept;

  /// Of one sender at a time this is exact: it sees what it sent before.
  bool anyone_waits() const noexcept {
    return waiting_.load(std::memory_order_acquire) > 0;
  }

  /// When somebody's turn comes next, as far as known.
  time_point next_turn() const noexcept {
    return time_point{duration{next_.load(std::memory_order_seq_cst)}};
  }

  time_point now() const { return bulkhead_->now(); }

  // -- with the lock ----------------------------------------------------------

  /// Whether a message has to wait for its turn, or for others of its sender.
  /// @pre it took one
  bool early(const passage& way, const element& what,
             call_priority priority) const;

  /// It waits for its turn, if it is early, or for something else. Returns how
  /// long it is until its turn.
  duration note(const passage& way, const element& what,
                call_priority priority);

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

  /// It ends without that, and its turn comes back. Returns whether others may
  /// be the next now.
  bool left(pending_id id) noexcept;

  /// Looks for the turn after `now`. Returns whether earlier ones have come.
  bool look(time_point now);

private:
  void note_waiting() noexcept;

  const std::shared_ptr<bulkhead_core> bulkhead_;
  rate_waiters waiters_;

  // Written with the lock only.
  std::atomic<size_t> waiting_{0};
  std::atomic<int64_t> next_{std::numeric_limits<int64_t>::max()};
};

} // namespace bulwark::detail
