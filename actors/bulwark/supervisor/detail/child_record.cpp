#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/supervisor/detail/child_record.hpp>

#include <caf/exit_reason.hpp>
#include <caf/system_messages.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

bool is_active(child_state state) {
  return state == child_state::starting || state == child_state::up
         || state == child_state::stopping;
}

void wake(const child_control& told) {
  if (told.wake)
    told.wake();
}

} // namespace

std::vector<caf::response_promise> take_starters(child_record& who) {
  if (!who.waiting)
    return {};
  auto result = std::exchange(who.waiting->start, {});
  if (who.waiting->stop.empty())
    who.waiting.reset();
  return result;
}

child_policy policy_of(const child_spec& spec) {
  child_policy result;
  result.restart = spec.restart;
  result.on_limit = spec.on_limit;
  result.significant = spec.significant;
  result.supervisor = spec.kind == child_kind::supervisor;
  result.ready_within = spec.ready_within;
  result.hung_after = spec.hung_after;
  return result;
}

child_end end_of(const child_record& who) {
  using directive = child_end::directive;
  child_end result;
  result.how = classify(who.reason);
  result.gave_up = who.gave_up;
  const auto* rule = rule_of(who);
  if (rule == nullptr)
    return result;
  if (rule->then == failure_directive::stop)
    result.told = directive::stop;
  else if (rule->then == failure_directive::escalate)
    result.told = directive::escalate;
  else if (rule->period > duration::zero())
    result.own =
      cause_window{static_cast<size_t>(rule - who.spec->on_failure.data()),
                   rule->intensity, rule->period};
  return result;
}

const failure_rule* rule_of(const child_record& who) {
  if (who.spec->on_failure.empty()
      || classify(who.reason) != exit_class::abnormal)
    return nullptr;
  return find_rule(who.spec->on_failure, describe(who.reason));
}

std::shared_ptr<const resume_plan> resume_plan_of(const child_record& who,
                                                  const std::string& above,
                                                  const emitter& events) {
  if (!may_resume(who.spec->on_failure))
    return nullptr;
  return std::make_shared<const resume_plan>(
    resume_plan{who.spec->on_failure, above + "/" + who.id, events});
}

void enter(child_record& who, child_state state, const caf::error& reason,
           child_next next) {
  who.state = state;
  if (!is_active(state))
    who.handle = who.face = nullptr;
  if (!who.spec->on_change)
    return;
  try {
    who.spec->on_change(
      {state, who.incarnation, who.face ? who.face : who.handle, reason, next});
  } catch (...) {
    // It promised not to; the supervisor does not die of it.
  }
}

void ask_to_end(const child_record& who, const caf::actor_addr& me, bool retire,
                run_context eu) {
  if (!who.is_worker()) {
    post(who.handle, eu, stop_actor{});
    return;
  }
  who.control->for_good.store(retire);
  who.control->stop.store(true);
  if (retire && who.control->can_retire.load()) {
    who.control->retire.store(true);
    post(who.handle, eu, poke{});
    return wake(*who.control);
  }
  post(who.handle, eu, caf::exit_msg{me, caf::exit_reason::user_shutdown});
  post(who.handle, eu, poke{});
  wake(*who.control);
}

void kill(const child_record& who, const caf::actor_addr& me, run_context eu) {
  who.control->kill.store(true);
  post(who.handle, eu, poke{});
  post(who.handle, eu, caf::exit_msg{me, caf::exit_reason::kill});
  wake(*who.control);
}

} // namespace bulwark::detail
