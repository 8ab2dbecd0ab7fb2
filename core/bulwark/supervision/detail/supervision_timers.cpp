#include <bulwark/supervision/detail/supervision.hpp>

#include <utility>

namespace bulwark {

bool supervision::is_void(const supervision_timer& timer) const noexcept {
  if (timer.kind == timer_kind::group)
    return !round_ || round_->generation != timer.generation
           || round_->now != round::phase::delaying;
  if (timer.kind == timer_kind::watch)
    return ending_ || timer.generation != watch_generation_;
  const auto* who = find(timer.key);
  return who == nullptr || who->generation != timer.generation
         || (ending_ && timer.kind == timer_kind::restart);
}

supervision_steps supervision::on_timer(const supervision_timer& timer,
                                        time_point now, double unit_random) {
  if (is_void(timer))
    return {};
  if (timer.kind == timer_kind::group) {
    round_->now = round::phase::starting;
    round_->cursor = round_->from;
    carry_on();
    return take();
  }
  if (timer.kind == timer_kind::watch) {
    watch_due_.reset();
    add_step(look_step{});
    return take();
  }
  auto& who = *locate(timer.key);
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
    give_up_on(timer.key, who, false);
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
