#pragma once

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/guarded_exit.hpp>
#include <bulwark/caf/detail/mailbox_drain.hpp>
#include <bulwark/caf/detail/quiet_cleanup.hpp>
#include <bulwark/caf/detail/stream_end.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/detail/replica_lifecycle.hpp>
#include <bulwark/supervisor/detail/resume_plan.hpp>

#include <caf/blocking_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/message_id.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <exception>
#include <type_traits>
#include <utility>

namespace bulwark {

/// A user's event-based actor class, made to survive: when it dies, what
/// waits in its mailbox goes back to the gate, untouched and in order, before
/// CAF cleans up.
///
/// Only `initialize`, `resume`, `consume`, `cleanup` and, where it is not final
/// as in CAF's stateful actors, `on_exit` are hooked.
///
/// Confined to one actor.
template <class Impl>
class supervised : public detail::guarded_exit<Impl> {
  static_assert(!std::is_final_v<Impl>,
                "a supervised actor is derived from the service's class: "
                "remove `final` from it");

public:
  template <class... Ts>
  supervised(caf::actor_config& cfg, detail::replica_lifecycle lifecycle,
             Ts&&... xs)
    : detail::guarded_exit<Impl>(cfg, std::forward<Ts>(xs)...),
      lifecycle_(std::move(lifecycle)) {
    lifecycle_.can_retire();
  }

  ~supervised() override {
    if (lifecycle_.metered())
      lifecycle_.leave_quota();
  }

  /// What the class sets from here on replaces our handlers.
  void initialize() override {
    detail::replica_lifecycle::install_handlers(*this);
    install_exception_handler();
    Impl::initialize();
    if (this->has_behavior())
      lifecycle_.installed(*this);
  }

  caf::resumable::resume_result resume(caf::execution_unit* eu,
                                       size_t throughput) override {
    detail::running_service running{this, lifecycle_.core(), &lifecycle_.hand(),
                                    &lifecycle_};
    running.control = lifecycle_.control();
    running.sees_messages = true;
    running_ = &running;
    detail::service_scope scope{running};
    running.begin_work();
    auto result = resume_slices(running, eu, throughput);
    running.end_work();
    if (lifecycle_.metered())
      rest(result);
    return result;
  }

  using Impl::consume;

  /// CAF hands it each message. What an exception leaves is still the message
  /// at hand when the handlers of exceptions look.
  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    lifecycle_.hand().begin(what);
    detail::message_scope scope{*running_, what};
    auto result = Impl::consume(what);
    lifecycle_.hand().end();
    return result;
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override {
    if (this->getf(caf::abstract_actor::is_cleaned_up_flag))
      return Impl::cleanup(std::move(reason), eu);
    lifecycle_.begin_death();
    lifecycle_.hand_back(detail::drain_mailbox(*this), eu);
    end_streams(reason);
    reason = this->end_failure_.added_to(std::move(reason));
    auto why = reason;
    auto result = end(std::move(reason), eu);
    lifecycle_.finish_death(why, eu);
    return result;
  }

private:
  bool end(caf::error&& reason, caf::execution_unit* eu) {
    if constexpr (detail::ends_as_caf_does<Impl>) {
      auto never_timed =
        this->last_request_id_ == caf::message_id{} && this->timeout_id_ == 0;
      if (never_timed && !had_streams_ && detail::is_simple(*this))
        return detail::cleanup_quietly(*this, std::move(reason), eu);
    }
    return Impl::cleanup(std::move(reason), eu);
  }

  /// CAF takes a handler out while it calls it, and forgets it when it throws.
  /// We put ours back; the user's others we cannot, so that an exception out
  /// of one of them ends the actor.
  void install_exception_handler() {
    this->set_exception_handler(
      [this](caf::scheduled_actor*, std::exception_ptr& what) {
        auto whole = this->default_handler_ && this->error_handler_
                     && this->down_handler_ && this->exit_handler_;
        auto why = lifecycle_.on_exception(*this, what, whole);
        if (kept_by_caf()) {
          detail::replica_lifecycle::answer_current(*this, why);
          throw detail::replica_crashed{std::move(why)};
        }
        return why;
      });
  }

  /// CAF keeps one that has ended, without a word to anybody, as long as it
  /// has streams; and one that had quit before, as long as it awaits answers.
  bool kept_by_caf() {
    return detail::has_streams(*this)
           || (has_quit()
               && !(this->awaited_responses_.empty()
                    && this->multiplexed_responses_.empty()));
  }

  bool has_quit() const {
    return this->getf(caf::abstract_actor::is_shutting_down_flag)
           && !this->getf(caf::abstract_actor::is_cleaned_up_flag);
  }

  void end_streams(const caf::error& reason) {
    if (!detail::has_streams(*this))
      return;
    had_streams_ = true;
    this->end_failure_.note(detail::end_streams(*this, reason),
                            "the end of a stream");
  }

  /// In slices, because an actor inside `request().await` skips all else, even
  /// kill, and so that a killed one stops before the next few messages.
  caf::resumable::resume_result resume_slices(detail::running_service& running,
                                              caf::execution_unit* eu,
                                              size_t throughput) {
    constexpr size_t slice_max = 16;
    // A quota that is used up delays messages, not the start.
    if (lifecycle_.metered()
        && !this->getf(caf::abstract_actor::is_initialized_flag)) {
      auto result = resume_slice(eu, 0);
      if (result != caf::resumable::resume_later)
        return result;
    }
    for (;;) {
      auto over = lifecycle_.metered() && lifecycle_.await_turn(running);
      auto alive = !this->getf(caf::abstract_actor::is_cleaned_up_flag);
      if (lifecycle_.killed() && alive)
        return end_now(eu, caf::exit_reason::kill);
      if (lifecycle_.retiring())
        lifecycle_.retire(*this, eu);
      else if (over && alive)
        return end_now(eu, caf::exit_reason::user_shutdown);
      auto lingers = has_quit();
      if (lingers && lifecycle_.is_over(*this, this->fail_state_, eu))
        return end_now(eu, caf::exit_reason::user_shutdown);
      auto slice =
        lifecycle_.one_by_one() ? 1 : std::min(throughput, slice_max);
      auto result = resume_slice(eu, slice);
      throughput -= slice;
      // It has quit, and is kept for its streams. Others may run it by now.
      if (!lingers && result == caf::resumable::awaiting_message && has_quit())
        detail::replica_lifecycle::wake(*this);
      if (result != caf::resumable::resume_later || throughput == 0)
        return result;
      running.beat();
    }
  }

  /// Its thread will wait for messages, or for the end of the actor.
  void rest(caf::resumable::resume_result result) const {
    if (result == caf::resumable::done)
      lifecycle_.leave_quota();
    else
      lifecycle_.rest();
  }

  /// A message that failed alone ends the slice: the exception has left CAF's
  /// frames, so what they do after a message is done here. What streams call
  /// throws outside of CAF's own guard.
  caf::resumable::resume_result resume_slice(caf::execution_unit* eu,
                                             size_t slice) {
    try {
      return Impl::resume(eu, slice);
    } catch (const detail::message_failed&) {
      this->get_urgent_queue().flush_cache();
      this->get_normal_queue().flush_cache();
      this->set_receive_timeout();
      install_exception_handler();
      return caf::resumable::resume_later;
    } catch (const detail::replica_crashed& crash) {
      return end_now(eu, crash.reason);
    } catch (...) {
      return end_now(eu, make_error(errc::service_crashed,
                                    describe(std::current_exception())));
    }
  }

  /// Ends it whatever it still has open.
  caf::resumable::resume_result end_now(caf::execution_unit* eu,
                                        caf::error why) {
    if (this->getf(caf::abstract_actor::is_cleaned_up_flag))
      return caf::resumable::done;
    this->context(eu);
    try {
      this->quit(std::move(why));
    } catch (...) {
      this->end_failure_.note(describe(std::current_exception()),
                              "the end of a stream");
    }
    end_streams(this->fail_state_);
    this->awaited_responses_.clear();
    this->multiplexed_responses_.clear();
    this->finalize();
    return caf::resumable::done;
  }

  detail::replica_lifecycle lifecycle_;
  bool had_streams_ = false;

  /// Of this thread, while it runs.
  detail::running_service* running_ = nullptr;
};

} // namespace bulwark
