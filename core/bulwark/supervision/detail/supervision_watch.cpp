#include <bulwark/supervision/detail/supervision.hpp>

// Children that do not come back from a handler.

namespace bulwark {

namespace {

/// Looks within the time that a handler is given.
constexpr int looks = 4;

} // namespace

/// One timer for all children, so that a hundred thousand of them do not need
/// as many.
void supervision::watch(const child& who, time_point now) {
  auto limit = who.policy->hung_after;
  if (limit <= duration::zero() || who.policy->supervisor)
    return;
  auto due = now + limit / looks;
  if (watch_due_ && *watch_due_ <= due)
    return;
  watch_due_ = due;
  watch_generation_ = next_generation_++;
  add_step(wait_step{{timer_kind::watch, 0, watch_generation_}, due - now});
}

supervision_steps
supervision::on_looked(const std::vector<child_progress>& seen,
                       time_point now) {
  for (const auto& each : seen) {
    auto* who = match(each.key, each.incarnation);
    if (ending_ || who == nullptr || who->state != child_state::up || who->dead
        || who->policy->hung_after <= duration::zero())
      continue;
    look_at(each.key, *who, each.progress_counter, now);
    if (who->state == child_state::up)
      watch(*who, now);
  }
  carry_on();
  return take();
}

void supervision::look_at(child_key key, child& who, uint32_t progress_counter,
                          time_point now) {
  auto busy = progress_counter % 2 == 1;
  if (!busy || progress_counter != who.progress_counter) {
    who.progress_counter = busy ? progress_counter : 0;
    who.progress_at = now;
  } else if (now - who.progress_at >= who.policy->hung_after) {
    give_up_on(key, who, true);
  } else {
    add_step(suspect_step{key});
  }
}

/// What it counts as is decided when it has ended or was abandoned.
void supervision::give_up_on(child_key key, child& who, bool hung) {
  enter(who, child_state::stopping);
  who.after = child::then::count_failure;
  who.hung = hung;
  kill(key, who);
}

} // namespace bulwark
