#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/weak_timer.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>
#include <bulwark/supervisor/detail/supervisor_events.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace bulwark::detail {

void supervisor_actor::perform(supervision_steps steps) {
  queue_.insert(queue_.end(), steps.begin(), steps.end());
  if (std::exchange(performing_, true))
    return;
  for (size_t next = 0; next < queue_.size(); ++next) {
    // A copy: performing it may add others.
    auto step = queue_[next];
    std::visit([this](const auto& x) { perform(x); }, step);
  }
  queue_.clear();
  performing_ = false;
  answer_scaling();
  start_rest_of_batch();
  if (auto due = timers_.next_alarm(now()))
    set_weak_timer(clock(), bell_, *due);
}

void supervisor_actor::perform(const start_child_step& step) {
  auto& who = children_.at(step.key);
  who.incarnation = step.incarnation;
  who.control = std::make_shared<child_control>();
  who.control->type.store(who.spec->restart.type);
  who.reason = caf::error{};
  who.gave_up = false;
  try {
    birth born{
      handle_of(*this), step.key,
      step.incarnation, who.control,
      who.arguments,    resume_plan_of(who, component(), settings_.events)};
    who.handle = who.spec->start(detail::context_of(*this), std::move(born));
    if (!who.handle)
      who.reason = make_error(errc::service_crashed,
                              "the start function returned no actor");
  } catch (const ignore_start&) {
    return perform(supervision_.on_ignored(step.key, step.incarnation, now()));
  } catch (...) {
    who.reason =
      make_error(errc::service_crashed, describe(std::current_exception()));
  }
  if (who.handle) {
    children_.enter(who, child_state::starting);
    if (!who.control->tells_end)
      watch(step.key, who);
    return;
  }
  perform(supervision_.on_ended(step.key, step.incarnation, end_of(who), now(),
                                random()));
}

void supervisor_actor::watch(child_key key, const child_record& who) {
  on_end(who.handle, [me = address(), key, incarnation = who.incarnation](
                       const caf::error& reason, run_context eu) {
    post(me, eu, child_down{key, incarnation, reason});
  });
}

void supervisor_actor::perform(const stop_child_step& step) {
  auto& who = children_.at(step.key);
  children_.enter(who, child_state::stopping);
  ask_to_end(who, address(), step.retire, detail::context_of(*this));
}

void supervisor_actor::perform(const kill_child_step& step) {
  auto& who = children_.at(step.key);
  children_.enter(who, child_state::stopping);
  kill(who, address(), detail::context_of(*this));
}

void supervisor_actor::perform(const wait_step& step) {
  auto due = now() + step.delay;
  if (step.timer.kind == timer_kind::group)
    group_again_at_ = due;
  else if (step.timer.kind == timer_kind::restart)
    if (auto it = children_.find(step.timer.key); it != children_.end())
      it->second.again_at = due;
  timers_.add(due, step.timer, [this](const auto& timer) {
    return supervision_.is_void(timer);
  });
}

void supervisor_actor::perform(const complete_step&) {
  if (!born_)
    return;
  post(born_->supervisor, detail::context_of(*this),
       child_up{born_->key, born_->incarnation});
  // Kept any longer, parent and child would keep each other alive.
  born_.reset();
}

void supervisor_actor::perform(const up_step& step) {
  auto& who = children_.at(step.key);
  children_.enter(who, child_state::up);
  auto by_hand = std::exchange(who.by_hand, false);
  tell([&] { return up_event(path_of(who), who, step.downtime, by_hand); });
  check_service(by_hand);
  for (auto& each : take_starters(who))
    each.deliver(info_of(step.key));
  settled(step.key, who);
}

void supervisor_actor::perform(const failed_step& step) {
  auto& who = children_.at(step.key);
  if (step.late)
    who.reason =
      make_error(errc::service_crashed,
                 "was not ready within " + to_text(who.spec->ready_within));
  if (step.hung)
    who.reason =
      make_error(errc::service_hung, "did not come back from a handler within "
                                       + to_text(who.spec->hung_after));
  auto action = step.decision.action;
  children_.enter(who,
                  action == restart_action::restart ? child_state::waiting
                  : action == restart_action::fail  ? child_state::failed
                                                    : child_state::stopped,
                  who.reason);
  if (!who.gave_up)
    tell([&] {
      return failed_event(path_of(who), who, step, context_of(step.decision));
    });
  if (children_.up() < settings_.min_healthy)
    mark_down({describe(who.reason), type_of(who, step)}, context_of({}));
  remember(who);
  if (action == restart_action::fail && !who.gave_up)
    emit(intensity_exceeded_event(path_of(who),
                                  step.decision.restarts_in_window,
                                  window_of(who), latest_failures(who.id)));
  who.by_hand = false;
  auto failure = make_error(errc::service_crashed, describe(who.reason));
  if (who.waiting)
    answer_starters(who, failure);
  settled(step.key, who, failure);
}

void supervisor_actor::perform(const gave_up_step& step) {
  const auto& who = children_.at(step.key);
  tell([&] { return gave_up_event(path_of(who), who, step.decision); });
}

void supervisor_actor::perform(const stopped_step& step) {
  auto it = children_.find(step.key);
  auto& who = it->second;
  children_.enter(who, child_state::stopped, who.reason,
                  step.removed ? child_next::forgotten : child_next::open);
  tell([&] { return stopped_event(path_of(who), who, step); });
  if (step.ignored)
    for (auto& each : take_starters(who))
      each.deliver(info_of(step.key));
  answer_all(who, "was stopped");
  settled(step.key, who);
  if (step.removed)
    forget(it);
}

void supervisor_actor::perform(const paused_step& step) {
  auto& who = children_.at(step.key);
  children_.enter(who, child_state::waiting);
  tell([&] { return paused_event(path_of(who), who, step); });
}

void supervisor_actor::perform(const abandoned_step& step) {
  auto it = children_.find(step.key);
  auto& who = it->second;
  tell([&] { return abandoned_event(path_of(who), who); });
  children_.enter(who, child_state::abandoned, {},
                  step.counts    ? child_next::more_follows
                  : step.removed ? child_next::forgotten
                                 : child_next::open);
  answer_all(who, "was abandoned");
  settled(step.key, who);
  if (step.removed)
    forget(it);
}

void supervisor_actor::perform(const group_step& step) {
  emit(restart_scheduled_event(component(), children_.at(step.cause), step));
}

void supervisor_actor::perform(const look_step&) {
  std::vector<child_progress> seen;
  for (const auto& [key, who] : children_)
    if (who.state == child_state::up && who.control)
      seen.push_back(
        {key, who.incarnation, who.control->progress_counter.load()});
  perform(supervision_.on_looked(seen, now()));
}

void supervisor_actor::perform(const suspect_step& step) {
  children_.at(step.key).control->one_by_one.store(true);
}

void supervisor_actor::perform(const failing_step& step) {
  if (step.why == supervision_end::significant) {
    ending_ = caf::exit_reason::user_shutdown;
    return;
  }
  auto text = words_of(step);
  if (step.why == supervision_end::limit)
    emit(intensity_exceeded_event(component(), settings_.limits.intensity,
                                  settings_.limits.period, latest_failures()));
  emit(supervisor_failed_event(component(), text));
  if (settings_.min_healthy > 0)
    mark_down({text, failure_type::error_exit}, {0, settings_.min_healthy, 0});
  // OTP's supervisors end with `shutdown` then, and a transient one is not
  // started again.
  if (settings_.strict && step.why == supervision_end::start_failed)
    ending_ = make_error(errc::service_crashed, component() + ": " + text);
  else if (settings_.strict)
    ending_ = caf::exit_reason::user_shutdown;
  else
    ending_ = make_error(errc::service_failed, component() + ": " + text);
}

std::string supervisor_actor::words_of(const failing_step& step) const {
  auto text = path_of(children_.at(step.cause));
  if (step.why == supervision_end::limit)
    text += " was one restart too many: more than "
            + std::to_string(settings_.limits.intensity) + " within "
            + to_text(settings_.limits.period);
  else if (step.why == supervision_end::start_failed)
    text += " did not start";
  else
    text += " failed, and its failures are its supervisor's";
  return text + "; last failures: " + latest_failures();
}

std::string supervisor_actor::latest_failures(const std::string& of) const {
  std::string result;
  for (const auto& [id, reason] : failures_)
    if (of.empty() || id == of)
      result += (result.empty() ? "" : "; ") + id + ": " + describe(reason);
  return result;
}

void supervisor_actor::perform(const finish_step& step) {
  keep_memory();
  for (auto& [key, who] : children_)
    answer_all(who, component() + " ended");
  unsettled_.clear();
  auto ended = make_error(errc::stopped, component() + " ended");
  scale_failure_ = ended;
  answer_scaling();
  answer_batch(ended);
  if (step.why == supervision_end::stopped)
    ending_ = caf::exit_reason::user_shutdown;
  quit(ending_);
}

} // namespace bulwark::detail
