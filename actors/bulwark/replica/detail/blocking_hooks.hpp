#pragma once

#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/detail/death_hooks.hpp>

#include <caf/blocking_actor.hpp>

#include <utility>

namespace bulwark::detail {

/// Ties the steps in the life of a blocking actor to its gate and its
/// supervisor. `hooked_blocking` says when what is called. The actor is at work
/// from the receipt of a message to the next wait.
///
/// Confined to one actor.
class blocking_hooks : public death_hooks {
public:
  explicit blocking_hooks(replica_lifecycle lifecycle)
    : death_hooks(std::move(lifecycle)) {}

  template <class F>
  void run(caf::blocking_actor& self, F act) {
    running_service running{&self, lifecycle_.core(), &lifecycle_.hand(),
                            &lifecycle_};
    running.control = lifecycle_.control();
    service_scope scope{running};
    act();
    if (lifecycle_.metered())
      lifecycle_.leave_quota();
  }

  void started(caf::blocking_actor& self);
  void threw() { lifecycle_.threw_somewhere(); }

  void before_wait(caf::blocking_actor& self);
  void after_wait(caf::blocking_actor& self, bool found);

private:
  void await_turn(caf::blocking_actor& self);

  /// Asked to stop, it ends when nothing waits that it has not seen.
  void look_for_end(caf::blocking_actor& self) const;
};

} // namespace bulwark::detail
