#pragma once

#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace bulwark::detail {

/// A call that may be under way twice: its own attempt, and a copy of it at
/// another replica. Each has an entry of the request table, with an owner and a
/// permit; this is what their ends tell each other.
///
///     none --begin_copy--> out --copy_*--> ended
///
/// The first value is the answer. An error of the call's own attempt waits
/// while the copy is out: the call is `parked`, its entry waits without a
/// replica.
///
/// Safe to call from any thread. What is called with the lock enters no actor.
class hedged_call {
public:
  /// What a copy is made of.
  struct request {
    caf::message content;

    /// The visible sender, and the id, as replicas see them.
    caf::strong_actor_ptr sender;
    routing_id mid;

    call_options call;
    time_point deadline{};
  };

  /// `id`: the entry of the call.
  hedged_call(pending_id id, request what)
    : id_(id.value), what_(std::move(what)) {}

  hedged_call(const hedged_call&) = delete;
  hedged_call& operator=(const hedged_call&) = delete;

  pending_id id() const noexcept {
    return {id_.load(std::memory_order_relaxed)};
  }

  /// The call has another entry from now on. @pre who calls has won the old one
  void moved(pending_id to) noexcept BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    id_.store(to.value, std::memory_order_relaxed);
  }

  /// Whether there is, or was, a copy.
  bool copied() const noexcept BULWARK_EXCLUDES(lock_);

  // -- the call's own attempt -------------------------------------------------

  /// A replica gets it. Returns when it is to be copied; never, where it was,
  /// or nobody knows after how long.
  time_point went(time_point now, std::optional<duration> delay) noexcept
    BULWARK_EXCLUDES(lock_);

  /// For how long it, or its copy, has been with a replica.
  duration since(time_point now, bool copy) const noexcept
    BULWARK_EXCLUDES(lock_);

  enum class next : uint8_t {
    /// There is no copy any more: the error is the call's.
    alone,
    /// It was parked.
    waits,
    /// The copy has brought a value meanwhile, see `take_value`.
    answered,
  };

  /// It ended with an error. Where the copy is out it is parked by `park()`.
  template <class F>
  next failed(F park) BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    if (value_)
      return next::answered;
    if (copy_ != stage::out || over_)
      return next::alone;
    park();
    parked_ = true;
    return next::waits;
  }

  /// The value that the copy has brought while others had the call in hand.
  std::optional<caf::message> take_value() noexcept BULWARK_EXCLUDES(lock_);

  /// The call is answered. Returns its copy, if that is out.
  std::optional<pending_id> end() noexcept BULWARK_EXCLUDES(lock_);

  // -- its copy ---------------------------------------------------------------

  /// Returns what to make a copy of, if one is due.
  std::optional<request> wanted(time_point now) const BULWARK_EXCLUDES(lock_);

  /// A copy is about to go there, if `pay()` agrees, which is asked last.
  /// False: it does not, or nobody wants it any more.
  template <class Pay>
  bool begin_copy(pending_id copy, pending_owner to, time_point now,
                  Pay pay) noexcept BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    if (over_ || copy_ != stage::none || !pay())
      return false;
    copy_ = stage::out;
    copy_id_ = copy;
    copy_at_ = to;
    copy_began_ = now;
    return true;
  }

  /// It brought a value. Calls `win()`, if the call is not answered: where that
  /// says no, others have it in hand, and find the value that `keep()` returns.
  /// Returns whether it has won.
  template <class Win, class Keep>
  bool copy_won(Win win, Keep keep) BULWARK_EXCLUDES(lock_) {
    lock_guard guard{lock_};
    copy_ = stage::ended;
    if (over_)
      return false;
    over_ = win();
    if (!over_)
      value_ = keep();
    return over_;
  }

  /// It ended without a value. Returns whether the call waits for that.
  bool copy_failed(std::optional<caf::error> why) noexcept
    BULWARK_EXCLUDES(lock_);

  /// What a call that is parked has waited for.
  struct failure {
    std::optional<caf::error> why;
    pending_owner at;
  };

  /// Returns the end of the copy, if the call is parked, which it is no longer.
  std::optional<failure> take_failure() noexcept BULWARK_EXCLUDES(lock_);

private:
  enum class stage : uint8_t { none, out, ended };

  /// Changes with the lock.
  std::atomic<uint64_t> id_;

  mutable mutex lock_;
  request what_ BULWARK_GUARDED_BY(lock_);
  time_point began_ BULWARK_GUARDED_BY(lock_){};
  time_point due_ BULWARK_GUARDED_BY(lock_) = time_point::max();
  stage copy_ BULWARK_GUARDED_BY(lock_) = stage::none;
  pending_id copy_id_ BULWARK_GUARDED_BY(lock_){};
  pending_owner copy_at_ BULWARK_GUARDED_BY(lock_){};
  time_point copy_began_ BULWARK_GUARDED_BY(lock_){};
  std::optional<caf::message> value_ BULWARK_GUARDED_BY(lock_);
  std::optional<caf::error> why_ BULWARK_GUARDED_BY(lock_);
  bool parked_ BULWARK_GUARDED_BY(lock_) = false;
  bool over_ BULWARK_GUARDED_BY(lock_) = false;
};

} // namespace bulwark::detail
