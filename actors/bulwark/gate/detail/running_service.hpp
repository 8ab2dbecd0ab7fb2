#pragma once

#include <bulwark/caf/detail/self.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/local_actor.hpp>

namespace bulwark::detail {

class gate_core;
class replica_lifecycle;
class request_in_hand;

/// Which replica runs in this thread, so that a request made by a handler
/// inherits the deadline of the request being handled.
///
/// Confined to one thread.
struct running_service {
  caf::local_actor* self;
  gate_core* core;
  request_in_hand* hand;
  replica_lifecycle* replica;

  /// The message in its handler, of one that sees its messages begin and end;
  /// null between two of them, and while it ends: what CAF calls the current
  /// one is gone then.
  const element* at_hand = nullptr;
  bool sees_messages = false;

  const element* handled() const {
    return sees_messages ? at_hand : message_in_hand(*self);
  }

  /// It dies of an exception, of which the answer to the message being handled
  /// will tell next.
  bool crashing = false;

  /// Null, or where it notes what it is at; and what it noted last.
  child_control* control = nullptr;
  uint32_t progress_counter = 0;

  /// Begins to handle something.
  void begin_work() noexcept {
    if (control == nullptr)
      return;
    progress_counter =
      (control->progress_counter.load(std::memory_order_relaxed) + 1) | 1;
    control->progress_counter.store(progress_counter,
                                    std::memory_order_relaxed);
  }

  /// Goes on with something else, or has given an answer.
  void beat() noexcept {
    if (control == nullptr)
      return;
    progress_counter += 2;
    control->progress_counter.store(progress_counter,
                                    std::memory_order_relaxed);
  }

  /// Handles nothing. When the mailbox was left empty another thread may have
  /// begun meanwhile: what that one has noted stays.
  void end_work() noexcept {
    if (control == nullptr)
      return;
    auto mine = progress_counter;
    control->progress_counter.compare_exchange_strong(
      mine, mine + 1, std::memory_order_relaxed);
  }
};

/// Notes the message in a handler for the time of a scope.
///
/// Confined to one thread.
class message_scope {
public:
  message_scope(running_service& of, const element& what) noexcept : of_(of) {
    of_.at_hand = &what;
  }

  ~message_scope() { of_.at_hand = nullptr; }

  message_scope(const message_scope&) = delete;
  message_scope& operator=(const message_scope&) = delete;

private:
  running_service& of_;
};

/// Returns the place where this thread's running service is noted; holds null
/// outside of a replica.
running_service*& this_service() noexcept;

/// Notes a running service for the time of a scope.
///
/// Confined to one thread.
class service_scope {
public:
  explicit service_scope(running_service& now) noexcept
    : before_(this_service()) {
    this_service() = &now;
  }

  ~service_scope() { this_service() = before_; }

  service_scope(const service_scope&) = delete;
  service_scope& operator=(const service_scope&) = delete;

private:
  running_service* before_;
};

} // namespace bulwark::detail
