#pragma once

#include <bulwark/caf/detail/element_chain.hpp>
#include <bulwark/caf/run_context.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/supervisor/child_spec.hpp>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bulwark::detail {

class cpu_meter;
class fault_port;
class gate_core;
struct replica_end;
struct running_service;

/// What ties one incarnation of a service to its gate and its supervisor. All
/// that does not depend on the service's class is here.
///
/// Confined to one actor.
class replica_lifecycle {
public:
  /// `core` is null for a replica without a gate. One that reports by itself
  /// is up when it says so, others when their behaviour is installed. `meter`
  /// is null for one outside of any CPU quota.
  replica_lifecycle(std::shared_ptr<gate_core> core, uint8_t index,
                    birth origin, bool reports_ready,
                    std::shared_ptr<cpu_meter> meter = nullptr);

  /// The request that it handles.
  request_in_hand& hand() noexcept { return hand_; }

  uint64_t incarnation() const noexcept { return origin_.incarnation; }

  /// An exception has left it, and it does not know whose handler that was.
  void threw_somewhere() noexcept { threw_somewhere_ = true; }

  /// Installs our handlers, but for exceptions: an unknown message is
  /// answered and never ends its sender.
  static void install_handlers(caf::scheduled_actor& self);

  /// Returns the reason with which an exception ends the replica: its type
  /// and text. Unless only the message fails: then tells and answers so.
  /// @throws message_failed if that can be, because the actor is `whole`
  caf::error on_exception(caf::scheduled_actor& self, std::exception_ptr& what,
                          bool whole);

  /// Answers the request that the actor is handling, if it is one, with why
  /// it failed.
  static void answer_current(caf::scheduled_actor& self, const caf::error& why);

  /// @throws std::invalid_argument if the replica is to survive exceptions
  void refuse_resume() const;

  /// Its behaviour is installed.
  void installed(caf::local_actor& self) {
    running_ = true;
    if (!reports_ready_)
      announce(self);
  }

  /// Tells the supervisor, once, that this incarnation takes messages. Then it
  /// lets go of it, so that they do not keep each other alive.
  void announce(caf::local_actor& self);

  bool killed() const noexcept {
    return origin_.control && origin_.control->kill.load();
  }

  /// From now on it may work only while `role` returns a token, if it is one.
  void work_while(std::function<std::optional<uint64_t>()> role) {
    role_ = std::move(role);
  }

  bool may_work() const { return !role_ || token(); }

  /// The token by which it works; nothing without one.
  std::optional<uint64_t> token() const {
    return role_ ? role_() : std::nullopt;
  }

  // -- on a node that may practise failure ------------------------------------

  /// From now on what is lent there strikes its messages.
  void strike_with(std::shared_ptr<fault_port> faults) {
    faults_ = std::move(faults);
  }

  bool may_be_struck() const noexcept { return faults_ != nullptr; }

  /// Has a fault strike the message that it is about to handle, if one does.
  /// Returns whether its handler must not be called: it was answered.
  /// @throws what a crash throws
  /// @pre `may_be_struck()`
  bool struck(caf::scheduled_actor& self, element& what);

  // ---------------------------------------------------------------------------

  /// Told to hand back what waits and to finish what it has taken up.
  bool retiring() const noexcept {
    return origin_.control && origin_.control->retire.load();
  }

  /// Does so, and asks the actor to end when nobody waits for an answer of it
  /// any more; looks again every `retire_look`.
  /// @pre `retiring()`, and the actor runs in this thread
  void retire(caf::scheduled_actor& self, run_context eu);

  static constexpr duration retire_look = std::chrono::milliseconds{10};

  /// For one that has quit and has streams open: steps back, so that nothing
  /// goes to it any more. Returns whether it has to end now: it quit because
  /// of an error, or `streams_max` ago. Whom its supervisor stops has as long
  /// as that gives it.
  bool is_over(caf::scheduled_actor& self, const caf::error& reason,
               run_context eu);

  static constexpr duration streams_max = std::chrono::seconds{5};

  bool stopping() const noexcept {
    return origin_.control && origin_.control->stop.load();
  }

  /// It is told to end between any two messages, or waits between them.
  bool one_by_one() const noexcept {
    return meter_ || role_
           || (origin_.control
               && origin_.control->one_by_one.load(std::memory_order_relaxed));
  }

  // -- within a CPU quota -----------------------------------------------------

  /// Whether it is in one: the precondition of what follows.
  bool metered() const noexcept { return meter_ != nullptr; }

  /// Waits for its turn to handle a message. Returns true if it was told to
  /// end while the quota is used up: then it did not wait to the end.
  bool await_turn(running_service& running) const;

  /// Handles nothing.
  void rest() const;

  /// This actor will not use its thread any more, which has not ended.
  void leave_quota() const;

  /// Null for one that no supervisor steers.
  child_control* control() const noexcept { return origin_.control.get(); }

  /// It heeds `retiring()`.
  void can_retire() const noexcept {
    if (origin_.control)
      origin_.control->can_retire.store(true);
  }

  /// Closes the slot; afterwards nobody adds to the mailbox through the gate.
  void begin_death() const;

  /// Sorts what waited: ours back to the gate, other requests answered, the
  /// rest dropped.
  void hand_back(element_chain waiting, run_context eu);

  /// Tells the supervisor, and answers what this incarnation had taken up.
  void finish_death(const caf::error& reason, run_context eu);

  gate_core* core() const noexcept { return core_.get(); }

private:
  replica_end end() const;
  bool resumes(const caf::scheduled_actor& self, const std::string& what) const;
  void fail_message(caf::scheduled_actor& self, const caf::error& why);
  void step_back(caf::scheduled_actor& self, run_context eu);
  static void look_again(caf::scheduled_actor& self, time_point at);

  std::shared_ptr<gate_core> core_;
  bool reports_ready_;
  bool running_ = false;
  bool stepped_back_ = false;
  bool told_to_end_ = false;
  bool threw_somewhere_ = false;
  time_point next_look_{};
  std::optional<time_point> streams_until_;
  birth origin_;

  // Who is told of the end. To hold it would keep each other alive.
  caf::weak_actor_ptr supervisor_;
  std::shared_ptr<cpu_meter> meter_;
  std::function<std::optional<uint64_t>()> role_;
  std::shared_ptr<fault_port> faults_;
  request_in_hand hand_;

  /// Who was to blame when it handed back what waited.
  std::optional<pending_id> blamed_;
};

} // namespace bulwark::detail
