#include <bulwark/supervision/detail/supervision.hpp>

// What an operator wants.

namespace bulwark {

supervision_steps supervision::start(child_key key, if_it_fails then) {
  auto* found = locate(key);
  if (ending_ || found == nullptr || found->active())
    return {};
  auto& who = *found;
  who.restarts.forgive();
  if (round_)
    round_->sitting_out.erase(key);
  if (in_round(key) && round_->now != round::phase::starting) {
    enter(who, child_state::waiting);
  } else {
    begin_start(key, who, then);
  }
  return take();
}

supervision_steps supervision::terminate(child_key key, time_point now,
                                         bool forget) {
  auto* found = locate(key);
  if (ending_ || found == nullptr)
    return {};
  auto& who = *found;
  auto removed = forget || who.policy->restart.type == restart_type::temporary
                 || policy_.strategy == restart_strategy::simple_one_for_one;
  auto after = removed ? child::then::remove : child::then::rest;
  if (in_round(key))
    round_->sitting_out.insert(key);
  switch (who.state) {
  case child_state::starting:
  case child_state::up:
    begin_stop(key, who, after);
    break;
  case child_state::stopping:
    who.after = after;
    break;
  case child_state::waiting:
  case child_state::failed:
    who.after = after;
    who.killed = false;
    has_stopped(key, who, exit_class::shutdown, false, now, 0);
    break;
  default:
    break;
  }
  carry_on();
  return take();
}

bool supervision::erase(child_key key) {
  auto* who = locate(key);
  if (who == nullptr
      || (who->state != child_state::stopped
          && who->state != child_state::abandoned))
    return false;
  drop(key);
  return true;
}

void supervision::change(const supervisor_options& limits) {
  policy_.limits = limits;
  limit_.change(limits.intensity, limits.period);
}

} // namespace bulwark
