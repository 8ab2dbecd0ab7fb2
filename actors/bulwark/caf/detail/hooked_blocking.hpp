#pragma once

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/guarded_exit.hpp>
#include <bulwark/caf/detail/leave_frames.hpp>
#include <bulwark/caf/detail/mailbox_drain.hpp>
#include <bulwark/caf/detail/self.hpp>

#include <caf/blocking_actor.hpp>

#include <exception>
#include <utility>

namespace bulwark::detail {

/// The same as `hooked_actor` for a blocking actor, which has no `resume` and
/// answers nobody when it throws: its `act` is wrapped. `end_actor`, thrown by
/// a hook, ends it. `Hooks` has these functions, where `self` is the actor, a
/// `caf::blocking_actor&`:
///
/// - `run(self, act)`: calls `act()`, which is all that the actor does.
///   `started(self)` comes first in it. `threw()`: an exception ended it.
/// - `before_wait(self)`: it is going to wait for messages.
///   `after_wait(self, found)`: there is one, or none has come in time.
/// - `begin_death()`, `hand_back` and `finish_death`, as there.
///
/// Confined to one actor.
template <class Impl, class Hooks>
class hooked_blocking
  : public where_exit_is_guarded<Impl, hooked_blocking<Impl, Hooks>> {
  using user_class = where_exit_is_guarded<Impl, hooked_blocking>;
  friend user_class;

  static_assert(ends_without_throwing<Impl>(),
                "the state of a stateful actor is destroyed where nothing "
                "catches: its destructor must be noexcept");

public:
  template <class Given, class... Ts>
  hooked_blocking(caf::actor_config& cfg, Given&& given, Ts&&... xs)
    : user_class(cfg, std::forward<Ts>(xs)...),
      hooks_(std::forward<Given>(given)) {}

  /// CAF calls it where nothing catches.
  void initialize() override {
    try {
      Impl::initialize();
    } catch (...) {
      not_started_ = std::current_exception();
    }
  }

  void act() override {
    hooks_.run(*this, [this] {
      try {
        if (not_started_)
          std::rethrow_exception(not_started_);
        hooks_.started(*this);
        Impl::act();
      } catch (end_actor& end) {
        this->fail_state(std::move(end.reason));
      } catch (...) {
        hooks_.threw();
        this->fail_state(make_error(errc::service_crashed,
                                    describe(std::current_exception())));
      }
    });
  }

  void await_data() override {
    hooks_.before_wait(*this);
    Impl::await_data();
    hooks_.after_wait(*this, true);
  }

  bool await_data(caf::blocking_actor::timeout_type timeout) override {
    hooks_.before_wait(*this);
    auto result = Impl::await_data(timeout);
    hooks_.after_wait(*this, result);
    return result;
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override {
    if (detail::has_ended(*this))
      return Impl::cleanup(std::move(reason), eu);
    reason = end_failure_.added_to(std::move(reason));
    auto why = reason;
    hooks_.begin_death();
    hooks_.hand_back(detail::drain_mailbox(*this), eu);
    auto result = Impl::cleanup(std::move(reason), eu);
    hooks_.finish_death(why, eu);
    return result;
  }

private:
  std::exception_ptr not_started_;
  end_failure end_failure_;
  Hooks hooks_;
};

} // namespace bulwark::detail
