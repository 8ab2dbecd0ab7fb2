#include <bulwark/caf/detail/self.hpp>
#include <bulwark/replica/detail/replica_hooks.hpp>

namespace bulwark::detail {

replica_hooks::replica_hooks(replica_lifecycle lifecycle)
  : death_hooks(std::move(lifecycle)) {
  lifecycle_.can_retire();
}

replica_hooks::~replica_hooks() {
  if (lifecycle_.metered())
    lifecycle_.leave_quota();
}

/// A quota that is used up delays messages, not the start.
std::optional<caf::exit_reason>
replica_hooks::before_slice(caf::scheduled_actor& self, run_context on) {
  auto over = lifecycle_.metered() && lifecycle_.await_turn(*running_);
  auto alive = !has_ended(self);
  if (lifecycle_.killed() && alive)
    return caf::exit_reason::kill;
  // Whatever waits: on a node that was frozen it is others' by now.
  if (alive && !lifecycle_.may_work())
    return caf::exit_reason::user_shutdown;
  if (lifecycle_.retiring())
    lifecycle_.retire(self, on);
  else if (over && alive)
    return caf::exit_reason::user_shutdown;
  return std::nullopt;
}

void replica_hooks::rest(bool ended) const {
  if (!lifecycle_.metered())
    return;
  if (ended)
    lifecycle_.leave_quota();
  else
    lifecycle_.rest();
}

} // namespace bulwark::detail
