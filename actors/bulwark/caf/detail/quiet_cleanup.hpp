#pragma once

#include <caf/detail/sync_request_bouncer.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/execution_unit.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/scheduled_actor.hpp>

#include <type_traits>
#include <utility>

namespace bulwark::detail {

// CAF takes every actor that ends out of its clock, also one that never was in
// it, and wakes the clock's thread for that: two fifths of what a restart
// costs. Depends on CAF 0.17.

/// An actor whose end is CAF's own affair: its class adds nothing to it.
template <class Impl>
concept ends_as_caf_does = requires {
  &Impl::cleanup;
  requires std::is_same_v<decltype(&Impl::cleanup),
                          decltype(&caf::event_based_actor::cleanup)> || std::
    is_same_v<decltype(&Impl::cleanup),
              decltype(&caf::scheduled_actor::cleanup)>;
};

/// Returns whether the actor has neither thread, streams nor groups.
template <class Self>
bool is_simple(Self& self) {
  if constexpr (requires { self.joined_groups(); })
    if (!self.joined_groups().empty())
      return false;
  return !self.getf(caf::abstract_actor::is_detached_flag)
         && self.stream_managers().empty()
         && self.pending_stream_managers().empty();
}

/// Ends an actor as CAF does, but for its clock.
/// @pre `is_simple(self)`; it made no request and set no timeout; called by
/// the actor itself
template <class Self>
bool cleanup_quietly(Self& self, caf::error&& reason, caf::execution_unit* eu) {
  auto& mailbox = self.mailbox();
  if (!mailbox.closed()) {
    mailbox.close();
    self.get_normal_queue().flush_cache();
    self.get_urgent_queue().flush_cache();
    caf::detail::sync_request_bouncer bounce{reason};
    constexpr size_t at_once = 1000;
    while (mailbox.queue().new_round(at_once, bounce).consumed_items > 0) {
      // Until nothing is left; nobody can add any more.
    }
  }
  self.unregister_from_system();
  self.caf::monitorable_actor::cleanup(std::move(reason), eu);
  return true;
}

} // namespace bulwark::detail
