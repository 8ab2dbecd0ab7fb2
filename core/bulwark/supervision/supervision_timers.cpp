#include <bulwark/supervision/supervision.hpp>

#include <utility>

namespace bulwark {

supervision_steps supervision::on_timer(const supervision_timer& timer,
                                        time_point now, double unit_random) {
  if (timer.kind == timer_kind::group) {
    if (!round_ || round_->generation != timer.generation
        || round_->now != round::phase::delaying)
      return {};
    round_->now = round::phase::starting;
    round_->cursor = round_->from;
    carry_on();
    return take();
  }
  auto it = children_.find(timer.key);
  if (it == children_.end() || it->second.generation != timer.generation
      || (ending_ && timer.kind == timer_kind::restart))
    return {};
  auto& who = it->second;
  switch (timer.kind) {
  case timer_kind::restart:
    if (std::exchange(who.uncounted, false) && !limit_.add(now)) {
      fail(supervision_end::limit, timer.key);
      break;
    }
    if (!grouped()) {
      begin_start(timer.key, who);
      break;
    }
    enter(who, child_state::waiting);
    restart_group(timer.key, duration::zero());
    break;
  case timer_kind::ready:
    enter(who, child_state::stopping);
    who.after = child::then::count_failure;
    kill(timer.key, who);
    break;
  case timer_kind::shutdown:
    kill(timer.key, who);
    break;
  default:
    has_stopped(timer.key, who, exit_class::killed, true, now, unit_random);
  }
  carry_on();
  return take();
}

} // namespace bulwark
