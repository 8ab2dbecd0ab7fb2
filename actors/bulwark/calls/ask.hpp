#pragma once

#include <bulwark/calls/ask_error.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

namespace bulwark {

namespace detail {

/// An answer that a thread waits for. Nobody left who could give it: an error.
template <class R>
struct awaited_answer {
  ~awaited_answer() {
    if (!given)
      refuse(caf::make_error(caf::sec::request_receiver_down));
  }

  template <class... Ts>
  void give(const Ts&... value) {
    given = true;
    promise.set_value(value...);
  }

  void refuse(const caf::error& why) {
    given = true;
    promise.set_exception(std::make_exception_ptr(ask_error{why}));
  }

  std::promise<R> promise;
  bool given = false;
};

} // namespace detail

/// Sends a request from what is no actor, and returns what will be answered:
///
///     auto total = bulwark::ask<int>(system, orders, get_total{7});
///     std::cout << total.get();
///
/// `R` is the type of the answer; `void` for an answer without a value. An
/// error, an answer of another type, or that nobody is left who could answer,
/// is thrown by `get` as an `ask_error`.
/// A gate answers every request by its deadline (`gate_options::timeout`, or
/// `call_options::within` before the content), so that `get` does not wait for
/// ever; an actor without a gate may never answer.
///
/// Not for the handlers of actors: `get` would keep a thread of the scheduler
/// waiting. They have `request`.
///
/// Safe to call from any thread.
template <class R, class... Ts>
std::future<R> ask(caf::actor_system& system, const caf::actor& whom,
                   Ts&&... content) {
  auto answer = std::make_shared<detail::awaited_answer<R>>();
  auto result = answer->promise.get_future();
  auto failed = [answer](const caf::error& why) { answer->refuse(why); };
  // It alone holds the answer, so that the answer is refused when it ends.
  auto asker = [answer = std::move(answer), failed, whom](
                 caf::event_based_actor* self, const std::decay_t<Ts>&... xs) {
    auto sent = self->request(whom, caf::infinite, xs...);
    if constexpr (std::is_void_v<R>)
      sent.then([answer] { answer->give(); }, failed);
    else
      sent.then([answer](const R& x) { answer->give(x); }, failed);
  };
  system.spawn<caf::hidden>(std::move(asker),
                            std::decay_t<Ts>(std::forward<Ts>(content))...);
  return result;
}

} // namespace bulwark
