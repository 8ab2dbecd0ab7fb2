#pragma once

#include <bulwark/supervised.hpp>

namespace bulwark {

/// The same for a blocking actor, which has no `resume` and answers nobody
/// when it throws: its `act` is wrapped, and it is ended between two messages.
/// It is at work from the receipt of a message to the next wait.
///
/// Confined to one actor.
template <class Impl>
class supervised_blocking : public Impl {
  static_assert(!std::is_final_v<Impl>,
                "a supervised actor is derived from the service's class: "
                "remove `final` from it");

public:
  template <class... Ts>
  supervised_blocking(caf::actor_config& cfg, detail::replica_seat seat,
                      Ts&&... xs)
    : Impl(cfg, std::forward<Ts>(xs)...), seat_(std::move(seat)) {}

  void act() override {
    detail::running_service running{this, seat_.core(), &seat_.memory(),
                                    &seat_};
    running.control = seat_.control();
    detail::service_scope scope{running};
    seat_.installed(*this);
    try {
      if (seat_.metered()) {
        running.begin_work();
        await_turn(running);
      }
      Impl::act();
    } catch (detail::end_replica& end) {
      this->fail_state(std::move(end.reason));
    } catch (...) {
      seat_.threw_somewhere();
      this->fail_state(
        make_error(errc::service_crashed, describe(std::current_exception())));
    }
    if (seat_.metered())
      seat_.leave_quota();
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
    auto why = reason;
    seat_.begin_death();
    seat_.hand_back(detail::drain_mailbox(*this), eu);
    auto result = Impl::cleanup(std::move(reason), eu);
    seat_.finish_death(why, eu);
    return result;
  }

private:
  /// It is going to wait for messages.
  void rest() {
    look_for_end();
    detail::this_service()->end_work();
    if (seat_.metered())
      seat_.rest();
  }

  /// There is a message, or none has come in time.
  void go_on(bool works) {
    auto& running = *detail::this_service();
    if (works)
      running.begin_work();
    if (seat_.metered())
      await_turn(running);
    else
      look_for_end();
  }

  void await_turn(detail::running_service& running) {
    auto over = seat_.await_turn(running);
    look_for_end();
    if (over)
      throw detail::end_replica{caf::exit_reason::user_shutdown};
  }

  /// Asked to stop, it ends when nothing waits that it has not seen.
  void look_for_end() {
    if (seat_.killed())
      throw detail::end_replica{caf::exit_reason::kill};
    if (!seat_.stopping())
      return;
    // Whatever waits it finishes, but others have to take what is new.
    seat_.begin_death();
    if (this->mailbox().empty())
      throw detail::end_replica{caf::exit_reason::user_shutdown};
  }

  detail::replica_seat seat_;
};

} // namespace bulwark
