#pragma once

#include <bulwark/replica/supervised.hpp>

namespace bulwark {

/// The same for a blocking actor, which has no `resume` and answers nobody
/// when it throws: its `act` is wrapped, and it is ended between two messages.
/// It is at work from the receipt of a message to the next wait.
///
/// Confined to one actor.
template <class Impl>
class supervised_blocking : public detail::guarded_exit<Impl> {
  static_assert(!std::is_final_v<Impl>,
                "a supervised actor is derived from the service's class: "
                "remove `final` from it");

public:
  template <class... Ts>
  supervised_blocking(caf::actor_config& cfg,
                      detail::replica_lifecycle lifecycle, Ts&&... xs)
    : detail::guarded_exit<Impl>(cfg, std::forward<Ts>(xs)...),
      lifecycle_(std::move(lifecycle)) {}

  /// CAF calls it where nothing catches.
  void initialize() override {
    try {
      Impl::initialize();
    } catch (...) {
      not_started_ = std::current_exception();
    }
  }

  void act() override {
    detail::running_service running{this, lifecycle_.core(), &lifecycle_.hand(),
                                    &lifecycle_};
    running.control = lifecycle_.control();
    detail::service_scope scope{running};
    try {
      if (not_started_)
        std::rethrow_exception(not_started_);
      lifecycle_.installed(*this);
      if (lifecycle_.metered()) {
        running.begin_work();
        await_turn(running);
      }
      Impl::act();
    } catch (detail::end_replica& end) {
      this->fail_state(std::move(end.reason));
    } catch (...) {
      lifecycle_.threw_somewhere();
      this->fail_state(
        make_error(errc::service_crashed, describe(std::current_exception())));
    }
    if (lifecycle_.metered())
      lifecycle_.leave_quota();
  }

  void await_data() override {
    rest();
    Impl::await_data();
    go_on(true);
  }

  bool await_data(caf::blocking_actor::timeout_type timeout) override {
    rest();
    auto result = Impl::await_data(timeout);
    go_on(result);
    return result;
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override {
    if (this->getf(caf::abstract_actor::is_cleaned_up_flag))
      return Impl::cleanup(std::move(reason), eu);
    reason = this->end_failure_.added_to(std::move(reason));
    auto why = reason;
    lifecycle_.begin_death();
    lifecycle_.hand_back(detail::drain_mailbox(*this), eu);
    auto result = Impl::cleanup(std::move(reason), eu);
    lifecycle_.finish_death(why, eu);
    return result;
  }

private:
  /// It is going to wait for messages.
  void rest() {
    look_for_end();
    detail::this_service()->end_work();
    if (lifecycle_.metered())
      lifecycle_.rest();
  }

  /// There is a message, or none has come in time.
  void go_on(bool works) {
    auto& running = *detail::this_service();
    if (works)
      running.begin_work();
    if (lifecycle_.metered())
      await_turn(running);
    else
      look_for_end();
  }

  void await_turn(detail::running_service& running) {
    auto over = lifecycle_.await_turn(running);
    look_for_end();
    if (over)
      throw detail::end_replica{caf::exit_reason::user_shutdown};
  }

  /// Asked to stop, it ends when nothing waits that it has not seen.
  void look_for_end() {
    if (lifecycle_.killed())
      throw detail::end_replica{caf::exit_reason::kill};
    if (!lifecycle_.stopping())
      return;
    // Whatever waits it finishes, but others have to take what is new.
    lifecycle_.begin_death();
    if (this->mailbox().empty())
      throw detail::end_replica{caf::exit_reason::user_shutdown};
  }

  detail::replica_lifecycle lifecycle_;
  std::exception_ptr not_started_;
};

} // namespace bulwark
