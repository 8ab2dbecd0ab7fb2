#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/detail/supervisor_events.hpp>
#include <bulwark/text/duration_text.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

event make(event_kind kind, const std::string& component,
           failure_context context = {}) {
  event result;
  result.kind = kind;
  result.level = severity_of(kind, context);
  result.component = component;
  return result;
}

event of_child(event_kind kind, const std::string& path,
               const child_record& who, failure_context context = {}) {
  auto result = make(kind, path, context);
  result.incarnation = who.incarnation;
  return result;
}

/// What became of the messages that it leaves behind.
void tell_waiting(event& what, const child_control& of) {
  auto tell = [&](const char* key, const std::atomic<uint32_t>& n,
                  const char* fate) {
    if (auto count = n.load(std::memory_order_relaxed); count > 0)
      what.with(key, std::to_string(count) + fate);
  };
  tell("waiting", of.kept, " kept");
  tell("refused", of.refused, " answered");
  tell("taken_up", of.taken_up, " answered");
}

/// Of a child that was told to end, or wanted to.
event end_event(const std::string& path, const child_record& who, bool killed,
                bool otherwise) {
  auto result = of_child(event_kind::child_stopped, path, who);
  result.reason = describe(who.reason);
  if (otherwise) {
    result.level = severity::low;
    result.failure = failure_of(who.reason);
  }
  if (killed) {
    result.level = severity::low;
    result.with("killed_after", to_text(who.spec->restart.shutdown));
  }
  return result;
}

} // namespace

event up_event(const std::string& path, const child_record& who,
               std::optional<duration> downtime, bool by_hand) {
  auto recovered = downtime && who.is_worker();
  auto result = of_child(recovered ? event_kind::child_restarted
                                   : event_kind::child_started,
                         path, who);
  if (recovered)
    result.downtime = downtime;
  if (recovered)
    result.with("method",
                by_hand ? "manual_intervention" : "automatic_restart");
  return result;
}

failure_type type_of(const child_record& who, const failed_step& step) {
  auto result = step.hung       ? failure_type::hung
                : step.late     ? failure_type::ready_timeout
                : step.starting ? failure_type::start_failed
                                : failure_of(who.reason);
  // A permanent child must not end, however orderly it does.
  return result == failure_type::none ? failure_type::error_exit : result;
}

event failed_event(const std::string& path, const child_record& who,
                   const failed_step& step, failure_context context) {
  auto result = of_child(who.is_worker() ? event_kind::child_failed
                                         : event_kind::supervisor_failed,
                         path, who, context);
  result.level = shifted(result.level, who.spec->severity_shift);
  result.failure = type_of(who, step);
  result.reason = describe(who.reason);
  if (who.control)
    tell_waiting(result, *who.control);
  auto& decision = step.decision;
  if (decision.action == restart_action::restart)
    result.with("restart_in", to_text(decision.delay));
  else if (decision.action == restart_action::fail
           && who.spec->on_limit == limit_action::cool_down)
    result.with("cool_down", to_text(decision.delay));
  return result;
}

event gave_up_event(const std::string& path, const child_record& who,
                    const restart_decision& decision) {
  auto result = of_child(event_kind::child_gave_up, path, who);
  result.level = shifted(result.level, who.spec->severity_shift);
  result.reason = describe(who.reason);
  if (who.is_worker())
    result.with("restarts", std::to_string(decision.restarts_in_window))
      .with("within", to_text(window_of(who)));
  result.with("cool_down", to_text(decision.delay));
  return result;
}

event intensity_exceeded_event(const std::string& path, uint64_t restarts,
                               duration within, std::string latest) {
  auto result = make(event_kind::intensity_exceeded, path);
  result.reason = std::move(latest);
  result.with("restarts", std::to_string(restarts))
    .with("within", to_text(within));
  return result;
}

duration window_of(const child_record& who) {
  const auto* rule = rule_of(who);
  return rule != nullptr && rule->period > duration::zero()
           ? rule->period
           : who.spec->restart.period;
}

event stopped_event(const std::string& path, const child_record& who,
                    const stopped_step& step) {
  auto result = end_event(path, who, step.killed, step.otherwise);
  if (step.ignored)
    result.with("start", "ignored");
  return result;
}

event paused_event(const std::string& path, const child_record& who,
                   const paused_step& step) {
  return end_event(path, who, step.killed, step.otherwise)
    .with("for", "restart of its group");
}

event abandoned_event(const std::string& path, const child_record& who) {
  auto result = of_child(event_kind::child_abandoned, path, who);
  result.failure = failure_type::hung;
  result.reason = "did not end when it was killed";
  return result;
}

event restart_scheduled_event(const std::string& path,
                              const child_record& cause,
                              const group_step& step) {
  auto result = make(event_kind::restart_scheduled, path);
  result.reason = cause.id + ": " + describe(cause.reason);
  result.with("restart_in", to_text(step.delay));
  return result;
}

event service_started_event(
  const std::string& path, size_t min_healthy,
  const std::vector<std::pair<std::string, std::string>>& about) {
  auto result = make(event_kind::service_started, path);
  result.with("min_healthy", std::to_string(min_healthy));
  for (const auto& [key, value] : about)
    result.with(key, value);
  return result;
}

event service_down_event(const std::string& path, const service_failure& why,
                         failure_context context, int severity_shift) {
  auto result = make(event_kind::service_down, path, context);
  result.level = shifted(result.level, severity_shift);
  result.failure = why.type;
  result.reason = why.reason;
  result.with("up", std::to_string(context.up))
    .with("min_healthy", std::to_string(context.min_healthy));
  return result;
}

event service_up_event(const std::string& path, duration downtime,
                       bool by_hand) {
  auto result = make(event_kind::service_up, path);
  result.downtime = downtime;
  result.with("method", by_hand ? "manual_intervention" : "automatic_restart");
  return result;
}

event supervisor_failed_event(const std::string& path,
                              const std::string& reason) {
  auto result = make(event_kind::supervisor_failed, path);
  result.reason = reason;
  return result;
}

} // namespace bulwark::detail
