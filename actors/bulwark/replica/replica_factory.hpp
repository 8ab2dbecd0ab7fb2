#pragma once

#include <bulwark/caf/detail/spawn_hooked.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/replica/supervised.hpp>
#include <bulwark/replica/supervised_blocking.hpp>

#include <caf/actor_system.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/infer_handle.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

namespace bulwark {

/// How to start incarnations of a service: any CAF actor, with the arguments
/// that each of them is given anew.
///
/// Immutable after construction.
struct replica_factory {
  /// Starts one incarnation; throws what the service's constructor throws.
  /// Must be set.
  std::function<caf::strong_actor_ptr(run_context, detail::replica_lifecycle,
                                      bool detached)>
    start;

  /// The message types of a statically typed service, else empty.
  std::function<std::set<std::string>(caf::actor_system&)> types;

  /// Its class is CAF's `blocking_actor`: it cannot survive an exception, see
  /// `failure_directive::resume`.
  bool blocking_class = false;
};

namespace detail {

template <class Impl>
using supervised_t =
  std::conditional_t<std::is_base_of_v<caf::blocking_actor, Impl>,
                     supervised_blocking<Impl>, supervised<Impl>>;

/// Whether a function can start an actor with arguments of these types, which
/// it gets as they were copied: with or without `self` before them.
template <class F, class... Ts>
inline constexpr bool starts_with =
  std::is_invocable_v<F&, caf::infer_impl_from_fun_t<F>*,
                      Ts&...> || std::is_invocable_v<F&, Ts&...>;

/// Refuses what a class of CAF's `blocking_actor` cannot do.
template <class Impl>
void check_lifecycle(const replica_lifecycle& lifecycle) {
  if constexpr (std::is_base_of_v<caf::blocking_actor, Impl>)
    lifecycle.refuse_resume();
}

/// Whether `fun` is a pointer or a `std::function` that leads to nothing.
template <class F>
bool is_null(const F& fun) {
  if constexpr (std::is_pointer_v<F>)
    return fun == nullptr;
  else if constexpr (requires { &F::operator bool; })
    return !fun;
  else
    return false;
}

} // namespace detail

/// For function-based actors of every kind: dynamically or statically typed,
/// stateful, blocking, with or without `self`. The `start` of a null function's
/// factory is empty.
template <class F, class... Ts>
replica_factory make_replica_factory(F fun, Ts... xs) {
  static_assert((std::is_copy_constructible_v<Ts> && ...),
                "every incarnation gets a copy of the service's arguments: "
                "they have to be copyable");
  using impl = caf::infer_impl_from_fun_t<F>;
  using handle = caf::infer_handle_from_fun_t<F>;
  if (detail::is_null(fun))
    return {nullptr, &detail::message_types_of<handle>};
  return {
    [=](run_context on, detail::replica_lifecycle lifecycle, bool detached) {
      detail::check_lifecycle<impl>(lifecycle);
      return detail::spawn_hooked_function<detail::supervised_t<impl>, impl>(
        on, detached, std::move(lifecycle), fun, xs...);
    },
    &detail::message_types_of<handle>,
    std::is_base_of_v<caf::blocking_actor, impl>};
}

/// For class-based actors: `make_class_factory<my_actor>(args...)`.
template <class Impl, class... Ts>
replica_factory make_class_factory(Ts... xs) {
  static_assert((std::is_copy_constructible_v<Ts> && ...),
                "every incarnation gets a copy of the service's arguments: "
                "they have to be copyable");
  using handle = caf::infer_handle_from_class_t<Impl>;
  return {
    [=](run_context on, detail::replica_lifecycle lifecycle, bool detached) {
      detail::check_lifecycle<Impl>(lifecycle);
      return detail::spawn_hooked_class<detail::supervised_t<Impl>>(
        on, detached, std::move(lifecycle), xs...);
    },
    &detail::message_types_of<handle>,
    std::is_base_of_v<caf::blocking_actor, Impl>};
}

/// How the replicas of a service live.
///
/// Immutable after construction.
struct replica_manner {
  /// Its handlers block their thread: it gets one of its own.
  bool detached = false;

  /// It is up when it calls `report_ready`, not when its behaviour is
  /// installed.
  bool reports_ready = false;

  /// Whose CPU time it uses. It then has a thread of its own in any case.
  /// Empty: nobody's.
  cpu_quota quota = {};

  /// Of a service that may work on this node only while the node has a role:
  /// the token of its hold, or nothing. Asked before each start and before each
  /// message; without the role the replica ends, and what it has not begun goes
  /// back to its gate. Safe to call from any thread. Empty: it may always work.
  std::function<std::optional<uint64_t>()> role = {};

  /// What may be lent to it on a node that may practise failure; null: nothing.
  std::shared_ptr<detail::fault_port> faults = {};
};

/// Returns the start function of replica `index` behind `at`, for a
/// `child_spec`.
/// @throws std::invalid_argument if the service's function is null
start_function start_behind(const gate& at, uint8_t index,
                            replica_factory factory,
                            replica_manner manner = {});

/// The same for a child that has no gate: what waits in its mailbox when it
/// ends is answered `request_receiver_down`, as CAF does.
start_function start_alone(replica_factory factory, replica_manner manner = {});

} // namespace bulwark
