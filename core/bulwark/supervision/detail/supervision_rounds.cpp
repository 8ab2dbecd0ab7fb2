#include <bulwark/supervision/detail/supervision.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace bulwark {

namespace {

constexpr child_key beyond_all = std::numeric_limits<child_key>::max();

} // namespace

bool supervision::grouped() const noexcept {
  return policy_.strategy == restart_strategy::one_for_all
         || policy_.strategy == restart_strategy::rest_for_one;
}

bool supervision::in_round(child_key key) const noexcept {
  return round_ && !round_->first && key >= round_->from;
}

supervision_steps supervision::start_all() {
  round_.emplace();
  round_->now = round::phase::starting;
  round_->first = true;
  carry_on();
  return take();
}

supervision_steps supervision::stop() {
  if (!ending_) {
    ending_ = supervision_end::stopped;
    ending_cursor_ = beyond_all;
    round_.reset();
    carry_on();
  }
  return take();
}

void supervision::restart_group(child_key cause, duration delay) {
  auto from =
    policy_.strategy == restart_strategy::one_for_all ? child_key{0} : cause;
  // Those that were never started yet are started with the group.
  if (round_ && round_->first)
    from = std::min(from, round_->cursor);
  if (!round_ || round_->first)
    round_.emplace().from = from;
  round_->from = std::min(round_->from, from);
  round_->now = round::phase::stopping;
  round_->cursor = beyond_all;
  round_->delay = delay;
  add_step(group_step{round_->from, cause, delay});
}

void supervision::fail(supervision_end why, child_key cause) {
  add_step(failing_step{why, cause});
  ending_ = why;
  ending_cursor_ = beyond_all;
  round_.reset();
}

void supervision::check_significant() {
  auto remains = [this](const auto& each) {
    auto& who = each.second;
    // For OTP who was stopped with its group has ended, also when the group
    // is still to be started again.
    auto left_out =
      policy_.strict && who.state == child_state::waiting && !who.uncounted;
    return who.policy->significant && who.state != child_state::stopped
           && who.state != child_state::abandoned && !left_out;
  };
  if (policy_.on_significant == auto_shutdown::any_significant
      || (policy_.on_significant == auto_shutdown::all_significant
          && std::none_of(children_.begin(), children_.end(), remains)))
    fail(supervision_end::significant, 0);
}

void supervision::carry_on() {
  proceed();
  deal_with_deferred();
}

void supervision::proceed() {
  if (ending_) {
    if (policy_.strategy == restart_strategy::simple_one_for_one)
      stop_together();
    else if (still_stopping(0, ending_cursor_, child::then::rest))
      return;
    if (active_ == 0 && !finished_) {
      finished_ = true;
      add_step(finish_step{*ending_});
    }
    return;
  }
  if (!round_)
    return;
  if (round_->now == round::phase::stopping
      && !still_stopping(round_->from, round_->cursor,
                         child::then::join_group)) {
    if (round_->delay == duration::zero()) {
      round_->now = round::phase::starting;
      round_->cursor = round_->from;
      return proceed();
    }
    round_->now = round::phase::delaying;
    round_->generation = next_generation_++;
    add_step(
      wait_step{{timer_kind::group, 0, round_->generation}, round_->delay});
  } else if (round_->now == round::phase::starting && !still_starting()) {
    round_.reset();
    if (!std::exchange(complete_, true))
      add_step(complete_step{});
  }
}

/// Its end was to be dealt with later: now it is a failure that counts for
/// nothing, or none.
void supervision::stop_dead(child_key key, child& who) {
  auto known = std::find_if(deferred_.begin(), deferred_.end(),
                            [=](auto& each) { return each.key == key; });
  auto how = known->end.how;
  auto at = known->at;
  deferred_.erase(known);
  who.dead = false;
  if (how == exit_class::abnormal || how == exit_class::killed) {
    failed_step what;
    what.key = key;
    what.how = how;
    who.restarts.on_failed(at);
    add_step(what);
    how = exit_class::shutdown;
  }
  has_stopped(key, who, how, false, at, 0);
}

/// Stops the last one below `cursor` that runs. Returns false when none from
/// `from` on runs any more.
bool supervision::still_stopping(child_key from, child_key& cursor,
                                 child::then after) {
  for (;;) {
    auto it = children_.lower_bound(cursor);
    if (it == children_.begin() || std::prev(it)->first < from)
      return false;
    --it;
    auto& [key, who] = *it;
    if (who.state == child_state::stopping)
      return true;
    if (who.active()) {
      auto temporary = who.policy->restart.type == restart_type::temporary;
      auto which = key;
      begin_stop(which, who,
                 temporary && !ending_ ? child::then::remove : after);
      // One whose end was known already is stopped by now, or forgotten.
      auto it_now = children_.find(which);
      if (it_now != children_.end()
          && it_now->second.state == child_state::stopping)
        return true;
      cursor = which;
      continue;
    }
    if (std::exchange(who.uncounted, false)) {
      // The group brings it up: its own retry is void.
      enter(who, child_state::waiting);
    }
    cursor = key;
    if (ending_
        && (who.state == child_state::waiting
            || who.state == child_state::failed)) {
      enter(who, child_state::stopped);
      add_step(stopped_step{key, exit_class::shutdown, false, false});
    }
  }
}

/// Starts the first one from the cursor on that is to run. Returns false when
/// all are settled.
bool supervision::still_starting() {
  for (;;) {
    auto it = children_.lower_bound(round_->cursor);
    if (it == children_.end())
      return false;
    auto& [key, who] = *it;
    // One that was not up in time has failed to start when it has ended.
    if (who.state == child_state::starting
        || (who.state == child_state::stopping
            && who.after == child::then::count_failure))
      return true;
    auto due = round_->first ? !who.ever_started
                             : who.state != child_state::failed && !who.active()
                                 && round_->sitting_out.count(key) == 0;
    if (due) {
      begin_start(key, who);
      return true;
    }
    round_->cursor = key + 1;
  }
}

supervision_steps supervision::on_ignored(child_key key, uint64_t incarnation,
                                          time_point now) {
  auto* who = match(key, incarnation);
  if (who == nullptr)
    return {};
  if (who->state == child_state::stopping) {
    has_stopped(key, *who, exit_class::normal, false, now, 0);
  } else if (who->state == child_state::starting) {
    auto removed = who->policy->restart.type == restart_type::temporary
                   || policy_.strategy == restart_strategy::simple_one_for_one;
    // Its round goes on behind it, or would start it for ever.
    if (round_ && round_->now == round::phase::starting) {
      auto turn = children_.lower_bound(round_->cursor);
      if (turn != children_.end() && turn->first == key)
        round_->cursor = key + 1;
    }
    who->restarts.on_stopped(now);
    enter(*who, child_state::stopped);
    add_step(
      stopped_step{key, exit_class::normal, false, removed, false, true});
    if (removed)
      drop(key);
  }
  carry_on();
  return take();
}

void supervision::stop_together() {
  if (std::exchange(ending_cursor_, 0) == 0)
    return;
  std::vector<child_key> keys;
  keys.reserve(children_.size());
  for (auto it = children_.rbegin(); it != children_.rend(); ++it)
    keys.push_back(it->first);
  for (auto key : keys) {
    auto& who = children_.at(key);
    if (who.state == child_state::starting || who.state == child_state::up) {
      begin_stop(key, who, child::then::rest);
    } else if (who.state == child_state::waiting
               || who.state == child_state::failed) {
      enter(who, child_state::stopped);
      add_step(stopped_step{key, exit_class::shutdown, false, false});
    }
  }
}

} // namespace bulwark
