#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/caf/detail/weak_timer.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>
#include <bulwark/supervisor/detail/supervisor_events.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace bulwark::detail {

supervisor_policy policy_of(const supervisor_settings& settings) {
  return {settings.strategy, settings.on_significant, settings.limits,
          settings.strict, settings.abandon_after};
}

child_pattern::child_pattern(child_spec what)
  : spec(std::make_shared<const child_spec>(std::move(what))),
    policy(std::make_shared<const child_policy>(policy_of(*spec))) {}

supervisor_actor::supervisor_actor(caf::actor_config& config,
                                   supervisor_settings settings,
                                   std::optional<birth> born,
                                   std::shared_ptr<supervisor_memory> memory)
  : system_actor(config, settings.path, settings.events),
    settings_(std::move(settings)),
    born_(std::move(born)),
    memory_(std::move(memory)),
    supervision_(policy_of(settings_)),
    bell_(make_weak_timer(system(), weak_handle_of(*this))),
    random_(settings_.seed) {
  if (settings_.strategy == restart_strategy::simple_one_for_one)
    template_.emplace(std::move(settings_.children.front()));
  else
    apply_scale();
  settings_.children = {};
}

child_key supervisor_actor::add(std::string id, const child_pattern& like) {
  auto known = memory_->children.find(id);
  auto key = supervision_.add(like.policy, known != memory_->children.end()
                                             ? std::optional{known->second}
                                             : std::nullopt);
  children_.add(key, std::move(id), like.spec);
  return key;
}

std::string supervisor_actor::path_of(const child_record& who) const {
  return component() + "/" + who.id;
}

caf::behavior supervisor_actor::make_behavior() {
  if (settings_.min_healthy > 0 && !std::exchange(memory_->told, true))
    emit(service_started_event(component(), settings_.min_healthy,
                               settings_.about));
  perform(supervision_.start_all());
  caf::message_handler own{
    // No result: what CAF does about one counts our references up and down,
    // which a hundred thousand children do at the same time.
    [this](const child_up& x) {
      on_up(x);
      return caf::response_promise{};
    },
    // Early: CAF compares the names of types one by one.
    [this](start_instance& x) { return on_start_instance(x); },
    [this](const child_down& x) { on_down(x); },
    [this](time_is_up) { on_time(); },
    [this](const report_states& x) { on_report_states(x); },
    [this](stop_actor) { perform(supervision_.stop()); },
    [](poke) {},
    [this](child_counts_request) { return counts(); },
    [this](which_children) { return list(); },
    [this](const children_page_request& x) { return page_of(x); },
  };
  return own.or_else(requests());
}

void supervisor_actor::on_down(const child_down& what) {
  auto it = children_.find(what.key);
  if (it == children_.end() || it->second.incarnation != what.incarnation)
    return;
  auto& who = it->second;
  who.reason = what.reason;
  who.gave_up = !who.is_worker()
                && code_of(what.reason, errc::stopped) == errc::service_failed;
  perform(supervision_.on_ended(what.key, what.incarnation, end_of(who), now(),
                                random()));
}

/// Who says that it is up may do so for another.
void supervisor_actor::on_up(const child_up& what) {
  auto it = children_.find(what.key);
  if (it == children_.end() || it->second.incarnation != what.incarnation)
    return;
  auto& who = it->second;
  if (who.handle && current_sender() && current_sender() != who.handle)
    who.face = current_sender();
  perform(supervision_.on_up(what.key, what.incarnation, now()));
}

void supervisor_actor::on_time() {
  timers_.rang(now());
  // What becomes due by this waits for its turn: whoever ended meanwhile is
  // dealt with first.
  std::vector<supervision_timer> all;
  while (auto due = timers_.take(now()))
    all.push_back(*due);
  for (const auto& due : all)
    perform(supervision_.on_timer(due, now(), random()));
  perform(supervision_steps{});
}

failure_context
supervisor_actor::context_of(const restart_decision& decision) const {
  return {children_.up(), settings_.min_healthy, decision.restarts_in_window};
}

void supervisor_actor::check_service(bool by_hand) {
  auto& down_since = memory_->down_since;
  if (!down_since || children_.up() < settings_.min_healthy)
    return;
  emit(service_up_event(component(), now() - *down_since, by_hand));
  down_since.reset();
}

void supervisor_actor::mark_down(const service_failure& why,
                                 failure_context context) {
  if (memory_->down_since || !settings_.tells_outages)
    return;
  memory_->down_since = now();
  emit(service_down_event(component(), why, context, settings_.severity_shift));
}

void supervisor_actor::remember(const child_record& who) {
  if (failures_.size() == failures_max)
    failures_.pop_front();
  failures_.emplace_back(who.id, who.reason);
}

void supervisor_actor::keep_memory() {
  if (template_)
    memory_->children.clear();
  for (const auto& [key, who] : supervision_.children())
    if (auto it = children_.find(key); it != children_.end())
      memory_->children.insert_or_assign(it->second.id, who.restarts);
}

void supervisor_actor::forget(child_table::map::iterator who) {
  auto& [key, child] = *who;
  // A namesake is numbered from there on, and answers for no outage.
  auto last = child.incarnation;
  auto known = memory_->children.find(child.id);
  if (known != memory_->children.end())
    last = std::max(last, known->second.incarnation());
  if (last > 0 && !template_ && memory_->children.size() < remembered_max)
    memory_->children.insert_or_assign(
      child.id, child_restarts{child.spec->restart, last});
  children_.erase(who);
}

double supervisor_actor::random() {
  // The upper 53 bits: unlike generate_canonical, never rounded up to 1.
  return static_cast<double>(random_() >> 11) * 0x1.0p-53;
}

child_counts supervisor_actor::counts() const {
  child_counts result;
  for (const auto& [key, who] : children_)
    ++(who.is_worker() ? result.workers : result.supervisors);
  result.specs = template_ ? 1 : children_.size();
  result.active = supervision_.active();
  return result;
}

child_list supervisor_actor::list() const {
  child_list result;
  for (const auto& [key, who] : children_)
    result.children.push_back(info_of(key));
  return result;
}

children_page
supervisor_actor::page_of(const children_page_request& what) const {
  children_page result;
  for (const auto& [key, who] : children_) {
    auto info = info_of(key);
    ++result.states.at(static_cast<size_t>(info.state));
    if (result.total++ >= what.from && result.children.size() < what.max)
      result.children.push_back(outlook_of(key, std::move(info)));
  }
  return result;
}

child_outlook supervisor_actor::outlook_of(child_key key,
                                           child_info info) const {
  const auto& who = children_.at(key);
  child_outlook result{std::move(info), std::nullopt, std::nullopt};
  if (!who.is_worker())
    result.supervisor = caf::actor_cast<caf::actor>(who.handle);
  auto at = now();
  if (const auto* known = supervision_.find(key)) {
    auto left = known->restarts.restarts_left(at);
    if (left != restart_intensity::unlimited)
      result.restarts_left = left;
  }
  if (result.it.state == child_state::waiting
      || result.it.state == child_state::failed) {
    auto due = std::max(who.again_at, group_again_at_);
    if (due > at)
      result.retry_in = due - at;
  }
  return result;
}

void supervisor_actor::on_exit() {
  // Nothing is left after an orderly end; but the last handle may be dropped
  // while children run, and then nobody watches them any more.
  for (const auto& [key, who] : children_) {
    if (!who.handle)
      continue;
    if (who.is_worker())
      kill(who, address(), nullptr);
    else
      ask_to_end(who, address(), false, nullptr);
  }
  children_.clear();
}

} // namespace bulwark::detail
