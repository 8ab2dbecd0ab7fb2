#pragma once

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/guarded_exit.hpp>
#include <bulwark/caf/detail/leave_frames.hpp>
#include <bulwark/caf/detail/mailbox_drain.hpp>
#include <bulwark/caf/detail/quiet_cleanup.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/stream_end.hpp>

#include <caf/exit_reason.hpp>
#include <caf/invoke_message_result.hpp>
#include <caf/message_id.hpp>
#include <caf/scheduled_actor.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace bulwark::detail {

/// A user's event-based actor class with hooks at the steps of its life. Only
/// `initialize`, `resume`, `consume`, `cleanup` and, where it is not final as
/// in CAF's stateful actors, `on_exit` are overridden.
///
/// `Hooks` has these functions, which the actor calls in its own thread; `self`
/// is the actor, a `caf::scheduled_actor&`.
///
/// - `before_start(self)`: what the class sets from here on replaces our
///   handlers. `started(self)`: its behaviour is installed.
/// - `run(self, slices)`: calls `slices()`, which handles messages and returns
///   whether the actor has ended.
/// - `bool waits_for_turn()`: it may wait before a message, but not before its
///   start.
/// - `std::optional<caf::exit_reason> before_slice(self, on)`: the reason, if
///   it is alive and has to end now. `bool one_by_one()`: a slice is one
///   message. `between_slices()`.
/// - `bool is_over(self, reason, on)`: whether one that has quit for that
///   reason, but has streams, ends now.
/// - `bool drops(what)`: the message is next; whether it is not handled at all.
///   If it is, `handle(self, what, consume)`: calls `consume()`, which handles
///   the message `what`, and returns what that returns; or handles it itself,
///   and returns `handled_here`.
/// - `caf::error on_exception(self, what, whole)`: the reason with which an
///   exception ends the actor. Throws `message_failed` to go on instead, which
///   it may if the actor is `whole`. `answer_failed(self, why)`: answers the
///   message at hand.
/// - `begin_death()`, `hand_back(waiting, on)`: it ends, and this waited in its
///   mailbox, untouched and in order. `finish_death(reason, on)`: it has ended.
///
/// Confined to one actor.
template <class Impl, class Hooks>
class hooked_actor
  : public where_exit_is_guarded<Impl, hooked_actor<Impl, Hooks>> {
  using user_class = where_exit_is_guarded<Impl, hooked_actor>;
  friend user_class;

  static_assert(ends_without_throwing<Impl>(),
                "the state of a stateful actor is destroyed where nothing "
                "catches: its destructor must be noexcept");

public:
  /// `given` is for the hooks, `xs` are for the user's class.
  template <class Given, class... Ts>
  hooked_actor(caf::actor_config& cfg, Given&& given, Ts&&... xs)
    : user_class(cfg, std::forward<Ts>(xs)...),
      hooks_(std::forward<Given>(given)) {}

  void initialize() override {
    hooks_.before_start(*this);
    install_exception_handler();
    Impl::initialize();
    if (this->has_behavior())
      hooks_.started(*this);
  }

  caf::resumable::resume_result resume(caf::execution_unit* eu,
                                       size_t throughput) override {
    auto result = caf::resumable::done;
    hooks_.run(*this, [&] {
      result = resume_slices(eu, throughput);
      return result == caf::resumable::done;
    });
    return result;
  }

  using Impl::consume;

  /// CAF hands it each message.
  caf::invoke_message_result consume(element& what) override {
    if (hooks_.drops(what))
      return caf::invoke_message_result::dropped;
    return hooks_.handle(*this, what, [&] { return Impl::consume(what); });
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override {
    if (detail::has_ended(*this))
      return Impl::cleanup(std::move(reason), eu);
    hooks_.begin_death();
    hooks_.hand_back(detail::drain_mailbox(*this), eu);
    end_all_streams(reason);
    reason = end_failure_.added_to(std::move(reason));
    auto why = reason;
    auto result = end(std::move(reason), eu);
    hooks_.finish_death(why, eu);
    return result;
  }

private:
  bool end(caf::error&& reason, caf::execution_unit* eu) {
    if constexpr (ends_as_caf_does<Impl>) {
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
        auto why = hooks_.on_exception(*this, what, whole);
        if (kept_by_caf()) {
          hooks_.answer_failed(*this, why);
          throw actor_crashed{std::move(why)};
        }
        return why;
      });
  }

  /// CAF keeps one that has ended, without a word to anybody, as long as it
  /// has streams; and one that had quit before, as long as it awaits answers.
  bool kept_by_caf() {
    return detail::has_streams(*this)
           || (is_leaving()
               && !(this->awaited_responses_.empty()
                    && this->multiplexed_responses_.empty()));
  }

  bool is_leaving() const {
    return detail::has_quit(*this) && !detail::has_ended(*this);
  }

  void end_all_streams(const caf::error& reason) {
    if (!detail::has_streams(*this))
      return;
    had_streams_ = true;
    end_failure_.note(detail::end_streams(*this, reason),
                      "the end of a stream");
  }

  /// In slices, because an actor inside `request().await` skips all else, even
  /// kill, and so that a killed one stops before the next few messages.
  caf::resumable::resume_result resume_slices(caf::execution_unit* eu,
                                              size_t throughput) {
    constexpr size_t slice_max = 16;
    if (hooks_.waits_for_turn()
        && !this->getf(caf::abstract_actor::is_initialized_flag)) {
      auto result = resume_slice(eu, 0);
      if (result != caf::resumable::resume_later)
        return result;
    }
    for (;;) {
      if (auto why = hooks_.before_slice(*this, eu))
        return end_now(eu, *why);
      auto lingers = is_leaving();
      if (lingers && hooks_.is_over(*this, this->fail_state_, eu))
        return end_now(eu, caf::exit_reason::user_shutdown);
      auto slice = hooks_.one_by_one() ? 1 : std::min(throughput, slice_max);
      auto result = resume_slice(eu, slice);
      throughput -= slice;
      // It has quit, and is kept for its streams. Others may run it by now.
      if (!lingers && result == caf::resumable::awaiting_message
          && is_leaving())
        post(detail::handle_of(*this), nullptr, poke{});
      if (result != caf::resumable::resume_later || throughput == 0)
        return result;
      hooks_.between_slices();
    }
  }

  /// A message that failed alone ends the slice: the exception has left CAF's
  /// frames, so what they do after a message is done here. What streams call
  /// throws outside of CAF's own guard.
  caf::resumable::resume_result resume_slice(caf::execution_unit* eu,
                                             size_t slice) {
    try {
      return Impl::resume(eu, slice);
    } catch (const message_failed&) {
      this->get_urgent_queue().flush_cache();
      this->get_normal_queue().flush_cache();
      this->set_receive_timeout();
      install_exception_handler();
      return caf::resumable::resume_later;
    } catch (const actor_crashed& crash) {
      return end_now(eu, crash.reason);
    } catch (...) {
      return end_now(eu, make_error(errc::service_crashed,
                                    describe(std::current_exception())));
    }
  }

  /// Ends it whatever it still has open.
  caf::resumable::resume_result end_now(caf::execution_unit* eu,
                                        caf::error why) {
    if (detail::has_ended(*this))
      return caf::resumable::done;
    this->context(eu);
    try {
      this->quit(std::move(why));
    } catch (...) {
      end_failure_.note(describe(std::current_exception()),
                        "the end of a stream");
    }
    end_all_streams(this->fail_state_);
    this->awaited_responses_.clear();
    this->multiplexed_responses_.clear();
    this->finalize();
    return caf::resumable::done;
  }

  bool had_streams_ = false;
  end_failure end_failure_;
  Hooks hooks_;
};

} // namespace bulwark::detail
