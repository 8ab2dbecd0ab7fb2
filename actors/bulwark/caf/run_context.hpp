#pragma once

#include <caf/fwd.hpp>

namespace bulwark {

/// On which of CAF's threads an actor runs. Every call that CAF makes brings
/// one; whoever sends a message during that call passes it on, and CAF then
/// runs the receiver next on the same thread. An empty one is always right,
/// and slower.
///
/// Stands for CAF's own type, to which and from which it converts, so that only
/// this file names it. Copies are as cheap as a pointer's, and valid during
/// the call that brought it.
class run_context {
public:
  run_context(caf::execution_unit* unit = nullptr) noexcept // NOLINT
    : unit_(unit) {}

  operator caf::execution_unit*() const noexcept { return unit_; } // NOLINT

  /// @pre it is not empty
  caf::actor_system& system() const;

private:
  caf::execution_unit* unit_;
};

} // namespace bulwark
