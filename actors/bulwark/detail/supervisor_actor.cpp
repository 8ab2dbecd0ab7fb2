#include <bulwark/caf_error.hpp>
#include <bulwark/detail/control.hpp>
#include <bulwark/detail/supervisor_actor.hpp>
#include <bulwark/detail/supervisor_events.hpp>
#include <bulwark/duration_text.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace bulwark::detail {

supervisor_actor::supervisor_actor(caf::actor_config& config,
                                   supervisor_settings settings,
                                   std::optional<birth> born,
                                   std::shared_ptr<supervisor_memory> memory)
  : hardened(config, settings.path, settings.events),
    settings_(std::move(settings)),
    born_(std::move(born)),
    memory_(std::move(memory)),
    limit_(settings_.limits.intensity, settings_.limits.period),
    random_(settings_.seed) {
  if (memory_->children.empty())
    for (auto& spec : settings_.children)
      memory_->children.emplace_back(spec.restart);
  for (auto& spec : settings_.children) {
    auto key = children_.size();
    auto& who = children_.emplace_back();
    who.spec = std::move(spec);
    who.path = settings_.path + "/" + who.spec.id;
    who.key = key;
    who.restarts = &memory_->children[key];
  }
  settings_.children.clear();
}

caf::behavior supervisor_actor::make_behavior() {
  start_all();
  return {
    [this](const child_up& x) { on_up(x.key, x.incarnation); },
    [this](const child_down& x) { on_down(x); },
    [this](const restart_due& x) { on_restart_due(x); },
    [this](const patience_over& x) { on_patience_over(x); },
    [this](stop_actor) { stop_all(caf::exit_reason::user_shutdown); },
    [](poke) {},
    [this](child_counts_request) { return counts(); },
    [this](which_children) { return list(); },
  };
}

void supervisor_actor::start_all() {
  for (auto& who : children_)
    if (!ending_)
      start(who);
  if (!born_ || ending_)
    return;
  born_->supervisor->get()->eq_impl(caf::make_message_id(), ctrl(), context(),
                                    child_up{born_->key, born_->incarnation});
  // Kept any longer, parent and child would keep each other alive.
  born_.reset();
}

void supervisor_actor::start(child& who) {
  auto incarnation = who.restarts->begin_start();
  who.control = std::make_shared<child_control>();
  who.killed = false;
  caf::error reason;
  try {
    who.handle = who.spec.start(
      context(), birth{ctrl(), who.key, incarnation, who.control});
    if (!who.handle)
      reason = make_error(errc::service_crashed,
                          "the start function returned no actor");
  } catch (...) {
    reason =
      make_error(errc::service_crashed, describe(std::current_exception()));
  }
  if (who.handle) {
    enter(who, child_state::starting);
    watch(who);
  } else {
    who.state = child_state::starting;
    on_end(who, reason);
  }
}

void supervisor_actor::watch(const child& who) {
  who.handle->get()->attach_functor(
    [me = address(), key = who.key, incarnation = who.incarnation()](
      const caf::error& reason, caf::execution_unit* eu) {
      if (auto to = caf::actor_cast<caf::strong_actor_ptr>(me))
        to->get()->eq_impl(caf::make_message_id(), nullptr, eu,
                           child_down{key, incarnation, reason});
    });
}

void supervisor_actor::on_up(uint64_t key, uint64_t incarnation) {
  auto* who = find(key, incarnation);
  if (who == nullptr || who->state != child_state::starting)
    return;
  auto downtime = who->restarts->on_up(now());
  enter(*who, child_state::up);
  emit(up_event(*who, downtime));
  check_service("");
}

void supervisor_actor::on_down(const child_down& what) {
  auto* who = find(what.key, what.incarnation);
  if (who == nullptr)
    return;
  if (who->state == child_state::stopping
      || who->state == child_state::abandoned)
    on_stopped(*who, what.reason);
  else if (who->active() && ending_)
    on_stopped(*who, what.reason);
  else if (who->active())
    on_end(*who, what.reason);
}

void supervisor_actor::on_end(child& who, const caf::error& reason) {
  auto starting = who.state == child_state::starting;
  auto how = classify(reason);
  auto gave_up =
    !who.is_worker() && code_of(reason, errc::stopped) == errc::service_failed;
  auto decision = gave_up ? who.restarts->on_gave_up(now())
                          : who.restarts->on_exit(how, now(), random());
  auto forgotten = decision.action == restart_action::forget;
  auto orderly = how == exit_class::normal || how == exit_class::shutdown;
  enter(who,
        forgotten                                    ? child_state::stopped
        : decision.action == restart_action::restart ? child_state::waiting
                                                     : child_state::failed,
        reason);
  if (!gave_up && !(forgotten && orderly))
    emit(failed_event(who, reason, starting, decision, context_of(decision)));
  if (forgotten)
    emit(stopped_event(who, reason));
  if (decision.action == restart_action::fail)
    emit(gave_up_event(who, reason, decision));
  if (!orderly || !forgotten)
    check_service(describe(reason));
  remember(who, reason);
  if (decision.action == restart_action::restart && !limit_.add(now()))
    give_up(who);
  else if (!forgotten)
    restart_later(who, decision.delay);
}

void supervisor_actor::restart_later(child& who, duration delay) {
  delayed_send(this, delay, restart_due{who.key, who.incarnation()});
}

void supervisor_actor::on_restart_due(const restart_due& what) {
  auto* who = find(what.key, what.incarnation);
  if (who == nullptr || ending_
      || (who->state != child_state::waiting
          && who->state != child_state::failed))
    return;
  ++who->restart_count;
  start(*who);
}

void supervisor_actor::give_up(const child& last) {
  auto text = last.path + " was one restart too many: more than "
              + std::to_string(settings_.limits.intensity) + " within "
              + to_text(settings_.limits.period) + "; last failures: ";
  for (const auto& failure : failures_)
    text += failure + (&failure == &failures_.back() ? "" : "; ");
  emit(supervisor_failed_event(component(), text));
  if (settings_.min_healthy > 0)
    mark_down(text, {0, settings_.min_healthy, 0});
  stop_all(make_error(errc::service_failed, component() + ": " + text));
}

child* supervisor_actor::find(uint64_t key, uint64_t incarnation) {
  if (key >= children_.size() || children_[key].incarnation() != incarnation)
    return nullptr;
  return &children_[key];
}

size_t supervisor_actor::count_up() const {
  auto up =
    std::count_if(children_.begin(), children_.end(),
                  [](const child& x) { return x.state == child_state::up; });
  return static_cast<size_t>(up);
}

failure_context
supervisor_actor::context_of(const restart_decision& decision) const {
  return {count_up(), settings_.min_healthy, decision.restarts_in_window};
}

void supervisor_actor::check_service(const std::string& reason) {
  auto up = count_up();
  auto& down_since = memory_->down_since;
  if (up < settings_.min_healthy && !reason.empty()) {
    mark_down(reason, context_of({}));
  } else if (up >= settings_.min_healthy && down_since) {
    emit(service_up_event(component(), now() - *down_since));
    down_since.reset();
  }
}

void supervisor_actor::mark_down(const std::string& reason,
                                 failure_context context) {
  if (memory_->down_since)
    return;
  memory_->down_since = now();
  emit(service_down_event(component(), reason, context));
}

void supervisor_actor::remember(const child& who, const caf::error& reason) {
  if (failures_.size() == failures_max)
    failures_.pop_front();
  failures_.push_back(who.spec.id + ": " + describe(reason));
}

double supervisor_actor::random() {
  // The upper 53 bits: unlike generate_canonical, never rounded up to 1.
  return static_cast<double>(random_() >> 11) * 0x1.0p-53;
}

child_counts supervisor_actor::counts() const {
  child_counts result;
  for (const auto& who : children_) {
    ++result.specs;
    ++(who.is_worker() ? result.workers : result.supervisors);
    if (who.active())
      ++result.active;
  }
  return result;
}

child_list supervisor_actor::list() const {
  child_list result;
  for (const auto& who : children_)
    result.children.push_back({who.spec.id, who.spec.kind, who.state,
                               who.incarnation(), who.restart_count});
  return result;
}

} // namespace bulwark::detail
