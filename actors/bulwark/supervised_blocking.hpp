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
      Impl::act();
    } catch (detail::end_replica& end) {
      this->fail_state(std::move(end.reason));
    } catch (...) {
      this->fail_state(
        make_error(errc::service_crashed, describe(std::current_exception())));
    }
  }

  void await_data() override {
    look_for_end();
    detail::this_service()->end_work();
    Impl::await_data();
    detail::this_service()->begin_work();
    look_for_end();
  }

  bool await_data(caf::blocking_actor::timeout_type timeout) override {
    look_for_end();
    detail::this_service()->end_work();
    auto result = Impl::await_data(timeout);
    if (result)
      detail::this_service()->begin_work();
    look_for_end();
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
