#pragma once

#include <bulwark/replica/detail/replica_lifecycle.hpp>

#include <utility>

namespace bulwark::detail {

/// What `hooked_actor` and `hooked_blocking` call when the actor of a replica
/// ends.
///
/// Confined to one actor.
class death_hooks {
public:
  void begin_death() const { lifecycle_.begin_death(); }

  void hand_back(element_chain waiting, run_context on) {
    lifecycle_.hand_back(std::move(waiting), on);
  }

  void finish_death(const caf::error& reason, run_context on) {
    lifecycle_.finish_death(reason, on);
  }

protected:
  explicit death_hooks(replica_lifecycle lifecycle)
    : lifecycle_(std::move(lifecycle)) {}

  replica_lifecycle lifecycle_;
};

} // namespace bulwark::detail
