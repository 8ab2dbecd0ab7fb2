#pragma once

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/end_failure.hpp>

#include <caf/stateful_actor.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace bulwark::detail {

template <class State, class Base>
std::is_nothrow_destructible<State>
state_of(const caf::stateful_actor<State, Base>*);

/// An actor class whose `on_exit` is CAF's and final: it destroys the state.
template <class Impl>
concept has_state = requires(const Impl* x) {
  state_of(x);
};

/// A user's actor class, made so that its `on_exit` may throw. CAF 0.17 calls
/// `on_exit` where nothing catches, and a second time after an exception.
///
/// Confined to one actor.
template <class Impl>
class guarded_exit : public Impl {
public:
  template <class... Ts>
  explicit guarded_exit(caf::actor_config& cfg, Ts&&... xs)
    : Impl(cfg, std::forward<Ts>(xs)...) {}

  void on_exit() override {
    try {
      Impl::on_exit();
    } catch (...) {
      end_failure_.note(describe(std::current_exception()), "on_exit");
    }
  }

protected:
  end_failure end_failure_;
};

template <has_state Impl>
class guarded_exit<Impl> : public Impl {
  static_assert(decltype(state_of(std::declval<const Impl*>()))::value,
                "the state of a stateful actor is destroyed where nothing "
                "catches: its destructor must be noexcept");

public:
  template <class... Ts>
  explicit guarded_exit(caf::actor_config& cfg, Ts&&... xs)
    : Impl(cfg, std::forward<Ts>(xs)...) {}

protected:
  end_failure end_failure_;
};

} // namespace bulwark::detail
