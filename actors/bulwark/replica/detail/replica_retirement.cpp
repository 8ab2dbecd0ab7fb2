#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/mailbox_drain.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/replica/detail/replica_lifecycle.hpp>

#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scheduled_actor.hpp>

#include <utility>

// How a replica ends that is to finish what it has taken up.

namespace bulwark::detail {

void replica_lifecycle::retire(caf::scheduled_actor& self, run_context eu) {
  if (told_to_end_)
    return;
  step_back(self, eu);
  if (core_
      && core_->deaths().owes_answers(hand_.index(), origin_.incarnation)) {
    auto now = self.clock().now();
    if (now < next_look_)
      return;
    next_look_ = now + retire_look;
    return look_again(self, next_look_);
  }
  told_to_end_ = true;
  post(handle_of(self), eu,
       caf::exit_msg{self.address(), caf::exit_reason::user_shutdown});
}

void replica_lifecycle::step_back(caf::scheduled_actor& self, run_context eu) {
  if (!core_ || std::exchange(stepped_back_, true))
    return;
  begin_death();
  element_chain ours;
  auto waiting = drain_mailbox(self);
  // What it is owed itself may be what its answers need.
  while (auto what = waiting.pop_front())
    if (core_->tracks(*what))
      ours.push_back(std::move(what));
    else
      deliver(handle_of(self), std::move(what), eu);
  auto leaving = end();
  leaving.how = replica_end::kind::retires;
  core_->deaths().take(leaving, std::move(ours), eu);
}

bool replica_lifecycle::is_over(caf::scheduled_actor& self,
                                const caf::error& reason, run_context eu) {
  auto how = classify(reason);
  if (how != exit_class::normal && how != exit_class::shutdown)
    return true;
  step_back(self, eu);
  if (stopping())
    return false;
  auto now = self.clock().now();
  if (!streams_until_) {
    streams_until_ = now + streams_max;
    look_again(self, *streams_until_);
  }
  return *streams_until_ <= now;
}

void replica_lifecycle::look_again(caf::scheduled_actor& self, time_point at) {
  post_at(self.clock(), at, handle_of(self), poke{});
}

} // namespace bulwark::detail
