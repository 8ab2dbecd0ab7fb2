#include <bulwark/supervision/detail/supervision.hpp>

namespace bulwark {

/// Makes all timers of the child void, as every change of it does.
void supervision::enter(child& who, child_state state) {
  auto was_active = who.active();
  auto was_up = who.state == child_state::up;
  auto was_starting = who.state == child_state::starting;
  who.state = state;
  who.generation = next_generation_++;
  active_ +=
    static_cast<size_t>(who.active()) - static_cast<size_t>(was_active);
  up_ +=
    static_cast<size_t>(state == child_state::up) - static_cast<size_t>(was_up);
  starting_ += static_cast<size_t>(state == child_state::starting)
               - static_cast<size_t>(was_starting);
}

void supervision::begin_start(child_key key, child& who, if_it_fails then) {
  who.failing = then;
  auto incarnation = who.restarts.begin_start();
  if (who.ever_started)
    ++who.restart_count;
  who.ever_started = true;
  who.progress_counter = 0;
  enter(who, child_state::starting);
  add_step(start_child_step{key, incarnation});
  // A supervisor may take as long as its children take.
  if (!who.policy->supervisor)
    add_step(wait_step{{timer_kind::ready, key, who.generation},
                       who.policy->ready_within});
}

void supervision::begin_stop(child_key key, child& who, child::then after) {
  enter(who, child_state::stopping);
  who.after = after;
  who.killed = false;
  if (who.dead)
    return stop_dead(key, who);
  if (!who.policy->supervisor
      && who.policy->restart.shutdown <= duration::zero())
    return kill(key, who);
  auto told = !ending_ || *ending_ == supervision_end::stopped;
  add_step(stop_child_step{key, told && after != child::then::join_group});
  if (!who.policy->supervisor)
    add_step(wait_step{{timer_kind::shutdown, key, who.generation},
                       who.policy->restart.shutdown});
}

void supervision::kill(child_key key, child& who) {
  who.killed = true;
  add_step(kill_child_step{key});
  add_step(wait_step{{timer_kind::abandon, key, who.generation},
                     policy_.abandon_after});
}

supervision_steps supervision::on_up(child_key key, uint64_t incarnation,
                                     time_point now) {
  auto* who = match(key, incarnation);
  if (who == nullptr || who->state != child_state::starting)
    return {};
  auto downtime = who->restarts.on_up(now);
  enter(*who, child_state::up);
  add_step(up_step{key, downtime});
  watch(*who, now);
  carry_on();
  return take();
}

supervision_steps supervision::on_ended(child_key key, uint64_t incarnation,
                                        const child_end& end, time_point now,
                                        double unit_random) {
  auto* who = match(key, incarnation);
  if (who == nullptr)
    return {};
  if (who->state == child_state::stopping
      || who->state == child_state::abandoned)
    has_stopped(key, *who, end.how, false, now, unit_random);
  else if (who->active() && !who->dead)
    ended_by_itself(key, *who, end, now, unit_random);
  carry_on();
  return take();
}

void supervision::deal_with_deferred() {
  while (!deferred_.empty() && !busy() && !ending_) {
    auto next = deferred_.front();
    deferred_.pop_front();
    auto* who = locate(next.key);
    if (who == nullptr || !std::exchange(who->dead, false))
      continue;
    ended_by_itself(next.key, *who, next.end, next.at, next.unit_random);
    proceed();
  }
}

void supervision::ended_by_itself(child_key key, child& who,
                                  const child_end& end, time_point now,
                                  double unit_random) {
  if (ending_) {
    who.killed = false;
    return has_stopped(key, who, end.how, false, now, unit_random);
  }
  failed_step what;
  what.key = key;
  what.how = end.how;
  what.starting = who.state == child_state::starting;
  if (in_round(key) && round_->now == round::phase::stopping)
    return ended_early(key, who, what, now);
  if (policy_.strict && !what.starting && busy()) {
    who.dead = true;
    deferred_.push_back({key, end, now, unit_random});
    return;
  }
  if (what.starting && who.failing != if_it_fails::retry) {
    auto removed = who.failing == if_it_fails::forget;
    enter(who, child_state::stopped);
    add_step(what);
    if (!removed)
      return;
    add_step(stopped_step{key, end.how, false, true});
    drop(key);
    return;
  }
  using directive = child_end::directive;
  if (end.told == directive::escalate
      || (what.starting && policy_.strict && round_ && round_->first)) {
    who.restarts.on_failed(now);
    enter(who, child_state::stopped);
    add_step(what);
    return fail(end.told == directive::escalate ? supervision_end::escalated
                                                : supervision_end::start_failed,
                key);
  }
  if (end.told == directive::stop) {
    who.restarts.on_failed(now);
    return forget(key, who, what);
  }
  what.decision = end.gave_up
                    ? who.restarts.on_gave_up(now)
                    : who.restarts.on_exit(end.how, now, unit_random, end.own);
  decided(key, who, what, now);
}

/// It was to be stopped for its group anyway, so this counts for nothing.
void supervision::ended_early(child_key key, child& who,
                              const failed_step& what, time_point now) {
  auto how = what.how;
  if (how == exit_class::abnormal || how == exit_class::killed) {
    who.restarts.on_failed(now);
    add_step(what);
    how = exit_class::shutdown;
  }
  auto temporary = who.policy->restart.type == restart_type::temporary;
  who.after = temporary ? child::then::remove : child::then::join_group;
  who.killed = false;
  has_stopped(key, who, how, false, now, 0);
}

void supervision::decided(child_key key, child& who, failed_step what,
                          time_point now) {
  auto action = what.decision.action;
  if (action == restart_action::forget)
    return forget(key, who, what);
  if (action == restart_action::fail) {
    enter(who, child_state::failed);
    add_step(what);
    if (who.policy->on_limit == limit_action::escalate)
      return fail(supervision_end::escalated, key);
    add_step(gave_up_step{key, what.decision});
    add_step(wait_step{{timer_kind::restart, key, who.generation},
                       what.decision.delay});
    return;
  }
  enter(who, child_state::waiting);
  add_step(what);
  who.uncounted = policy_.strict && what.starting;
  if (who.uncounted)
    round_.reset();
  else if (!limit_.add(now))
    return fail(supervision_end::limit, key);
  if (grouped() && !who.uncounted)
    return restart_group(key, what.decision.delay);
  if (what.decision.delay == duration::zero() && !what.starting)
    return begin_start(key, who);
  add_step(
    wait_step{{timer_kind::restart, key, who.generation}, what.decision.delay});
}

/// It is not started again.
void supervision::forget(child_key key, child& who, const failed_step& what) {
  auto orderly =
    what.how == exit_class::normal || what.how == exit_class::shutdown;
  auto removed = who.policy->restart.type == restart_type::temporary
                 || policy_.strategy == restart_strategy::simple_one_for_one;
  auto significant = who.policy->significant;
  enter(who, child_state::stopped);
  if (!orderly)
    add_step(what);
  add_step(stopped_step{key, what.how, false, removed});
  if (removed)
    drop(key);
  if (significant)
    check_significant();
}

void supervision::has_stopped(child_key key, child& who, exit_class how,
                              bool abandoned, time_point now,
                              double unit_random) {
  auto after = who.state == child_state::abandoned || ending_
                 ? child::then::rest
                 : who.after;
  auto killed = who.killed;
  auto otherwise =
    how == exit_class::abnormal || (how == exit_class::killed && !killed);
  if (abandoned)
    add_step(abandoned_step{key, after == child::then::remove,
                            after == child::then::count_failure});
  if (after == child::then::count_failure) {
    failed_step what;
    what.key = key;
    what.starting = what.late = !who.hung;
    what.hung = who.hung;
    what.decision = who.restarts.on_exit(what.how, now, unit_random);
    return decided(key, who, what, now);
  }
  who.restarts.on_stopped(now);
  switch (after) {
  case child::then::join_group:
    enter(who, child_state::waiting);
    add_step(paused_step{key, killed, otherwise});
    return;
  case child::then::remove:
    enter(who, child_state::stopped);
    if (!abandoned)
      add_step(stopped_step{key, how, killed, true, otherwise});
    drop(key);
    return;
  default:
    enter(who, abandoned ? child_state::abandoned : child_state::stopped);
    if (!abandoned)
      add_step(stopped_step{key, how, killed, false, otherwise});
  }
}

} // namespace bulwark
