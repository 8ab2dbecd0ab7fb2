#pragma once

#include <bulwark/gate/detail/balance_hints.hpp>
#include <bulwark/gate/detail/replica_group.hpp>

namespace bulwark::detail {

/// Who wants to know how a gate's replicas answer; null: not that one.
///
/// Safe to call from any thread.
struct outcome_watch {
  balance_hints* hints = nullptr;
  replica_group* group = nullptr;

  bool any() const noexcept { return hints != nullptr || group != nullptr; }

  /// @pre `how.how` is not `never_went`
  void ended(size_t replica, const attempt_end& how) const noexcept {
    if (hints != nullptr)
      hints->ended(replica, how);
    if (group != nullptr)
      group->ended(replica, how);
  }
};

} // namespace bulwark::detail
