#pragma once

#include <bulwark/caf/detail/hooked_blocking.hpp>
#include <bulwark/replica/detail/blocking_hooks.hpp>

#include <type_traits>
#include <utility>

namespace bulwark {

/// The same as `supervised` for a blocking actor, which is ended between two
/// messages.
///
/// Confined to one actor.
template <class Impl>
class supervised_blocking
  : public detail::hooked_blocking<Impl, detail::blocking_hooks> {
  static_assert(!std::is_final_v<Impl>,
                "a supervised actor is derived from the service's class: "
                "remove `final` from it");

public:
  template <class... Ts>
  supervised_blocking(caf::actor_config& cfg,
                      detail::replica_lifecycle lifecycle, Ts&&... xs)
    : detail::hooked_blocking<Impl, detail::blocking_hooks>(
      cfg, std::move(lifecycle), std::forward<Ts>(xs)...) {}
};

} // namespace bulwark
