#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/detail/take_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/detail/death_hooks.hpp>

#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace bulwark::detail {

/// Ties the steps in the life of an event-based actor to its gate and its
/// supervisor. `hooked_actor` says when what is called.
///
/// Confined to one actor.
class replica_hooks : public death_hooks {
public:
  explicit replica_hooks(replica_lifecycle lifecycle);
  replica_hooks(const replica_hooks&) = delete;
  replica_hooks& operator=(const replica_hooks&) = delete;
  ~replica_hooks();

  void before_start(caf::scheduled_actor& self) {
    replica_lifecycle::install_handlers(self);
  }

  void started(caf::scheduled_actor& self) { lifecycle_.installed(self); }

  template <class F>
  void run(caf::scheduled_actor& self, F slices) {
    running_service running{&self, lifecycle_.core(), &lifecycle_.hand(),
                            &lifecycle_};
    running.control = lifecycle_.control();
    running.sees_messages = true;
    running_ = &running;
    service_scope scope{running};
    running.begin_work();
    auto ended = slices();
    running.end_work();
    rest(ended);
  }

  bool waits_for_turn() const noexcept { return lifecycle_.metered(); }

  std::optional<caf::exit_reason> before_slice(caf::scheduled_actor& self,
                                               run_context on);

  bool one_by_one() const noexcept { return lifecycle_.one_by_one(); }

  void between_slices() { running_->beat(); }

  bool is_over(caf::scheduled_actor& self, const caf::error& reason,
               run_context on) {
    return lifecycle_.is_over(self, reason, on);
  }

  bool drops(const element& what) noexcept {
    return !lifecycle_.hand().begin(what);
  }

  /// What an exception leaves is still the message at hand when the handlers
  /// of exceptions look.
  template <class F>
  auto handle(caf::scheduled_actor& self, element& what, F handler) {
    message_scope scope{*running_, what};
    auto result = lifecycle_.may_be_struck() && lifecycle_.struck(self, what)
                    ? handled_here
                    : handler();
    lifecycle_.hand().end();
    return result;
  }

  caf::error on_exception(caf::scheduled_actor& self, std::exception_ptr& what,
                          bool whole) {
    return lifecycle_.on_exception(self, what, whole);
  }

  static void answer_failed(caf::scheduled_actor& self, const caf::error& why) {
    replica_lifecycle::answer_current(self, why);
  }

private:
  /// Its thread will wait for messages, or for the end of the actor.
  void rest(bool ended) const;

  /// Of this thread, while it runs.
  running_service* running_ = nullptr;
};

} // namespace bulwark::detail
