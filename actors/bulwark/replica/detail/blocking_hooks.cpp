#include <bulwark/caf/detail/leave_frames.hpp>
#include <bulwark/caf/detail/mailbox_drain.hpp>
#include <bulwark/replica/detail/blocking_hooks.hpp>

#include <caf/exit_reason.hpp>

namespace bulwark::detail {

void blocking_hooks::started(caf::blocking_actor& self) {
  lifecycle_.installed(self);
  if (!lifecycle_.metered())
    return;
  this_service()->begin_work();
  await_turn(self);
}

void blocking_hooks::before_wait(caf::blocking_actor& self) {
  look_for_end(self);
  this_service()->end_work();
  if (lifecycle_.metered())
    lifecycle_.rest();
}

void blocking_hooks::after_wait(caf::blocking_actor& self, bool found) {
  if (found)
    this_service()->begin_work();
  if (lifecycle_.metered())
    await_turn(self);
  else
    look_for_end(self);
}

void blocking_hooks::await_turn(caf::blocking_actor& self) {
  auto over = lifecycle_.await_turn(*this_service());
  look_for_end(self);
  if (over)
    throw end_actor{caf::exit_reason::user_shutdown};
}

void blocking_hooks::look_for_end(caf::blocking_actor& self) const {
  if (lifecycle_.killed())
    throw end_actor{caf::exit_reason::kill};
  if (!lifecycle_.may_work())
    throw end_actor{caf::exit_reason::user_shutdown};
  if (!lifecycle_.stopping())
    return;
  // Whatever waits it finishes, but others have to take what is new.
  lifecycle_.begin_death();
  if (nothing_waits(self))
    throw end_actor{caf::exit_reason::user_shutdown};
}

} // namespace bulwark::detail
