#pragma once

#include <bulwark/ledger/detail/outage_check.hpp>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace bulwark::detail {

// How a monitor asks what is up, where it was not told. It cannot be
// serialised, so that no other process can forge it.

/// To the monitor: the supervisor of all others on this node.
struct watch_root {
  caf::actor_addr root;
};

/// From the monitor to the root supervisor, and on to those below it: tell
/// `to` what is down, and how the components `of` are.
struct report_states {
  uint64_t round = 0;
  caf::actor_addr to;
  std::shared_ptr<const outage_check::paths> of;
};

/// From a supervisor to the monitor: of its service and its own children. It
/// has passed the question on to so many.
struct states_told {
  uint64_t round = 0;
  size_t passed_on = 0;
  std::vector<component_state> share;
};

/// From the monitor to itself: it is time to ask.
struct states_due {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::watch_root)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::report_states)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::states_told)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::states_due)
