#pragma once

#include <bulwark/child_restarts.hpp>
#include <bulwark/child_spec.hpp>
#include <bulwark/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What outlives the restart of a supervisor, so that incarnations go on
/// counting and every outage that was opened is closed. Handed from one
/// incarnation of the supervisor to the next, never shared.
struct supervisor_memory {
  /// One for each child, in order; empty before the first start.
  std::vector<child_restarts> children;

  /// Since when the service is down.
  std::optional<time_point> down_since;
};

/// One child in the hands of its supervisor.
struct child {
  child_spec spec;
  std::string path;
  uint64_t key = 0;
  child_state state = child_state::stopped;
  child_restarts* restarts = nullptr;
  uint64_t restart_count = 0;

  // Of the current incarnation.
  std::shared_ptr<child_control> control;
  caf::strong_actor_ptr handle;
  bool killed = false;

  uint64_t incarnation() const { return restarts->incarnation(); }

  bool is_worker() const { return spec.kind == child_kind::worker; }

  /// Started, and not known to have ended.
  bool active() const {
    return state == child_state::starting || state == child_state::up
           || state == child_state::stopping;
  }
};

/// Enters a new state and tells `on_change`.
void enter(child& who, child_state state, const caf::error& reason = {});

} // namespace bulwark::detail
