#pragma once

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/end_failure.hpp>

#include <caf/local_actor.hpp>
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

/// An actor class whose `on_exit` is CAF's, and does nothing.
template <class Impl>
concept has_no_exit =
  std::is_same_v<decltype(&Impl::on_exit), void (caf::local_actor::*)()>;

/// A user's actor class, made so that its `on_exit` may throw. CAF 0.17 calls
/// `on_exit` where nothing catches, and a second time after an exception.
/// `Final`, which derives from it, has an `end_failure` that it can reach.
///
/// Confined to one actor.
template <class Impl, class Final>
class guarded_exit : public Impl {
public:
  template <class... Ts>
  explicit guarded_exit(caf::actor_config& cfg, Ts&&... xs)
    : Impl(cfg, std::forward<Ts>(xs)...) {}

  void on_exit() override {
    try {
      Impl::on_exit();
    } catch (...) {
      static_cast<Final&>(*this).end_failure_.note(
        describe(std::current_exception()), "on_exit");
    }
  }
};

template <class Impl>
constexpr bool ends_without_throwing() {
  if constexpr (has_state<Impl>)
    return decltype(state_of(std::declval<const Impl*>()))::value;
  return true;
}

/// The user's class, with a guard where there is something to guard. One class
/// less in a row is worth it: CAF casts each actor that it resumes, and the
/// cast asks all of its classes.
template <class Impl, class Final>
using where_exit_is_guarded =
  std::conditional_t<has_state<Impl> || has_no_exit<Impl>, Impl,
                     guarded_exit<Impl, Final>>;

} // namespace bulwark::detail
