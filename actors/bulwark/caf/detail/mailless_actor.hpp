#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/run_context.hpp>

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <utility>

namespace bulwark::detail {

/// An actor without a mailbox and without a thread: what it does about a
/// message happens in the thread of whoever sends it. `Derived` has
/// `void accept(element_ptr, run_context)`, which any thread may call. What it
/// throws ends the process where the message came over the network.
///
/// Made by `make_mailless`. Safe to call from any thread.
template <class Derived>
class mailless_actor : public caf::monitorable_actor {
public:
  explicit mailless_actor(caf::actor_config& config)
    : monitorable_actor(config) {}

  using caf::monitorable_actor::enqueue;

  void enqueue(element_ptr what, caf::execution_unit* eu) final {
    static_cast<Derived*>(this)->accept(std::move(what), eu);
  }
};

/// Returns a new `T`, a `mailless_actor`. Nothing keeps it alive but handles.
template <class T, class... Ts>
caf::strong_actor_ptr make_mailless(caf::actor_system& system, Ts&&... xs) {
  caf::actor_config plain;
  return caf::make_actor<T, caf::strong_actor_ptr>(
    system.next_actor_id(), system.node(), &system, plain,
    std::forward<Ts>(xs)...);
}

/// Ends it as if it had quit: tells those who watch it.
template <class T>
void end_mailless(const caf::strong_actor_ptr& who, run_context on) {
  static_cast<T*>(who->get())->cleanup(caf::exit_reason::user_shutdown, on);
}

} // namespace bulwark::detail
