#pragma once

#include <bulwark/caf/run_context.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/detail/init_fun_factory.hpp>
#include <caf/detail/type_list.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/infer_handle.hpp>

#include <set>
#include <string>
#include <utility>

namespace bulwark::detail {

/// Starts an actor whose class is derived from `hooked_actor` or
/// `hooked_blocking`. `detached`: on a thread of its own.
template <class Hooked, class... Ts>
caf::strong_actor_ptr spawn_hooked(caf::actor_config& cfg, run_context on,
                                   bool detached, Ts&&... xs) {
  if (detached)
    cfg.add_flag(caf::abstract_actor::is_detached_flag);
  return caf::actor_cast<caf::strong_actor_ptr>(
    on.system().spawn_class<Hooked, caf::no_spawn_options>(
      cfg, std::forward<Ts>(xs)...));
}

/// For class-based actors, which get `xs`. The hooks get `hooks`.
template <class Hooked, class Given, class... Ts>
caf::strong_actor_ptr spawn_hooked_class(run_context on, bool detached,
                                         Given hooks, Ts... xs) {
  caf::actor_config cfg{on};
  return spawn_hooked<Hooked>(cfg, on, detached, std::move(hooks),
                              std::move(xs)...);
}

/// For function-based actors of the class `Impl`, whose function gets `xs`.
template <class Hooked, class Impl, class Given, class F, class... Ts>
caf::strong_actor_ptr spawn_hooked_function(run_context on, bool detached,
                                            Given hooks, F fun, Ts... xs) {
  caf::actor_config cfg{on};
  caf::detail::init_fun_factory<Impl, F> init;
  cfg.init_fun = init(std::move(fun), std::move(xs)...);
  return spawn_hooked<Hooked>(cfg, on, detached, std::move(hooks));
}

/// Returns the message types of a statically typed handle, else nothing.
template <class Handle>
std::set<std::string> message_types_of(caf::actor_system& sys) {
  return sys.message_types(caf::detail::type_list<Handle>{});
}

} // namespace bulwark::detail
