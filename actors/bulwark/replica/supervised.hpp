#pragma once

#include <bulwark/caf/detail/hooked_actor.hpp>
#include <bulwark/replica/detail/replica_hooks.hpp>

#include <type_traits>
#include <utility>

namespace bulwark {

/// A user's event-based actor class, made to survive: when it dies, what
/// waits in its mailbox goes back to the gate, untouched and in order, before
/// CAF cleans up.
///
/// Confined to one actor.
template <class Impl>
class supervised : public detail::hooked_actor<Impl, detail::replica_hooks> {
  static_assert(!std::is_final_v<Impl>,
                "a supervised actor is derived from the service's class: "
                "remove `final` from it");

public:
  template <class... Ts>
  supervised(caf::actor_config& cfg, detail::replica_lifecycle lifecycle,
             Ts&&... xs)
    : detail::hooked_actor<Impl, detail::replica_hooks>(
      cfg, std::move(lifecycle), std::forward<Ts>(xs)...) {}
};

} // namespace bulwark
