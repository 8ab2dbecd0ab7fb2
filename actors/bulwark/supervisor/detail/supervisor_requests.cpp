#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/detail/check_spec.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// As in OTP: instances are forgotten when they are stopped.
constexpr const char* no_instances =
  "strategy is simple_one_for_one; its children are only started and "
  "terminated";

caf::error no_child(const std::string& id) {
  return make_error(errc::not_found,
                    "no child is called " + bulwark::quoted(id));
}

caf::error refused(const std::string& complaint) {
  return make_error(errc::invalid_option, complaint);
}

waiting_for& awaited(child_record& who) {
  if (!who.waiting)
    who.waiting = std::make_unique<waiting_for>();
  return *who.waiting;
}

} // namespace

caf::message_handler supervisor_actor::requests() {
  return {
    [this](start_child& x) { return on_start_child(std::move(x.spec)); },
    [this](const terminate_child& x) { return on_terminate(x.id); },
    [this](const fail_child& x) { return on_fail(x); },
    [this](const restart_child& x) { return on_restart(x.id); },
    [this](const delete_child& x) { return on_delete(x.id); },
    [this](const child_spec_request& x) { return on_spec(x.id); },
    [this](const scale_children& x) { return on_scale(x.count); },
    [this](start_instances& x) { return on_start_instances(x); },
    [this](const change_restart& x) { return on_change(x); },
    [this](const change_limits& x) { return on_change(x); },
  };
}

caf::error supervisor_actor::refusal(const std::string& id) const {
  if (supervision_.ending())
    return make_error(errc::stopped, component() + " ends");
  if (children_.size() >= children_max)
    return refused(component() + " has " + std::to_string(children_max)
                   + " children; it can have no more");
  if (auto wrong = check_id(id))
    return refused(*wrong);
  auto known = children_.key_of(id);
  if (!known)
    return {};
  auto state = supervision_.find(*known)->state;
  auto idle = state == child_state::stopped || state == child_state::abandoned;
  return make_error(idle ? errc::already_present : errc::already_started,
                    "a child is called " + bulwark::quoted(id) + " already");
}

caf::result<child_info> supervisor_actor::on_start_child(child_spec spec) {
  if (template_)
    return refused("strategy is simple_one_for_one; children are started by "
                   "start_instance");
  if (auto wrong = refusal(spec.id))
    return wrong;
  if (auto wrong = check_spec(spec, supervision_.policy()))
    return refused(*wrong);
  child_pattern alone{std::move(spec)};
  auto key = add(alone.spec->id, alone);
  return start_by_hand(key, supervision::if_it_fails::forget);
}

caf::result<child_info>
supervisor_actor::on_start_instance(start_instance& what) {
  if (!template_)
    return refused("strategy is " + to_string(settings_.strategy)
                   + "; start_instance needs simple_one_for_one");
  auto id = std::move(what.id);
  if (id.empty())
    id = next_instance_id();
  if (auto wrong = refusal(id))
    return wrong;
  auto key = add(std::move(id), *template_);
  children_.at(key).arguments = std::move(what.arguments);
  return start_by_hand(key, supervision::if_it_fails::forget);
}

std::string supervisor_actor::next_instance_id() const {
  auto result =
    template_->spec->id + "#" + std::to_string(supervision_.next_key());
  // Somebody may have given one this name; each such one costs a turn.
  while (children_.key_of(result))
    result += '+';
  return result;
}

/// The answer is given when the child is up, or has failed.
caf::result<child_info>
supervisor_actor::start_by_hand(child_key key, supervision::if_it_fails then) {
  auto promise = make_response_promise<child_info>();
  auto& who = children_.at(key);
  awaited(who).start.push_back(promise);
  who.by_hand = true;
  if (!settings_.strict)
    then = supervision::if_it_fails::retry;
  perform(supervision_.start(key, then));
  return promise;
}

caf::result<child_info> supervisor_actor::on_restart(const std::string& id) {
  if (template_)
    return refused(no_instances);
  auto key = children_.key_of(id);
  if (!key)
    return no_child(id);
  if (supervision_.ending())
    return make_error(errc::stopped, component() + " ends");
  if (supervision_.find(*key)->active())
    return make_error(errc::running, bulwark::quoted(id) + " runs");
  return start_by_hand(*key, supervision::if_it_fails::leave);
}

caf::result<caf::unit_t> supervisor_actor::on_terminate(const std::string& id) {
  auto key = children_.key_of(id);
  if (!key)
    return no_child(id);
  auto state = supervision_.find(*key)->state;
  if (state == child_state::stopped || state == child_state::abandoned)
    return caf::unit;
  auto promise = make_response_promise<caf::unit_t>();
  awaited(children_.at(*key)).stop.push_back(promise);
  perform(supervision_.terminate(*key, now()));
  return promise;
}

/// Its end follows, and is a failure because nobody has decided to stop it.
caf::result<caf::unit_t> supervisor_actor::on_fail(const fail_child& what) {
  auto key = children_.key_of(what.id);
  if (!key)
    return no_child(what.id);
  auto& who = children_.at(*key);
  if (who.state != child_state::up
      || supervision_.find(*key)->state != who.state || !who.is_worker())
    return refused("fail_child.id is " + bulwark::quoted(what.id)
                   + "; it must be a worker that is up");
  if (who.spec->on_change)
    who.spec->on_change(
      {child_state::stopping, who.incarnation, who.handle,
       make_error(errc::service_failed, "by hand: " + what.reason)});
  kill(who, address(), detail::context_of(*this));
  return caf::unit;
}

caf::result<caf::unit_t> supervisor_actor::on_delete(const std::string& id) {
  if (template_)
    return refused(no_instances);
  auto key = children_.key_of(id);
  if (!key)
    return no_child(id);
  if (!supervision_.erase(*key))
    return make_error(errc::running,
                      bulwark::quoted(id) + " runs, or is about to");
  children_.enter(children_.at(*key), child_state::stopped, {},
                  child_next::forgotten);
  forget(children_.find(*key));
  return caf::unit;
}

caf::result<child_spec> supervisor_actor::on_spec(const std::string& id) {
  auto key = children_.key_of(id);
  if (!key)
    return no_child(id);
  auto result = *children_.at(*key).spec;
  result.id = id;
  return result;
}

caf::result<caf::unit_t>
supervisor_actor::on_change(const change_restart& what) {
  auto key = children_.key_of(what.id);
  if (!key)
    return no_child(what.id);
  auto spec = *children_.at(*key).spec;
  spec.restart = what.restart;
  if (auto wrong = check_spec(spec, supervision_.policy()))
    return refused(*wrong);
  auto& who = children_.at(*key);
  who.spec = std::make_shared<const child_spec>(std::move(spec));
  if (who.control)
    who.control->type.store(what.restart.type);
  supervision_.change(*key, what.restart);
  return caf::unit;
}

caf::result<caf::unit_t>
supervisor_actor::on_change(const change_limits& what) {
  if (auto wrong = validate(what.limits))
    return refused(*wrong);
  settings_.limits = what.limits;
  supervision_.change(what.limits);
  return caf::unit;
}

child_info supervisor_actor::info_of(child_key key) const {
  const auto& who = children_.at(key);
  child_info result{who.id, who.spec->kind, child_state::stopped,
                    who.incarnation, 0};
  // The decisions may have forgotten it already.
  if (const auto* known = supervision_.find(key)) {
    result.state = known->state;
    result.restarts = known->restart_count;
  }
  return result;
}

void supervisor_actor::answer_starters(child_record& who,
                                       const caf::error& reason) {
  for (auto& each : take_starters(who))
    each.deliver(reason);
}

void supervisor_actor::answer_all(child_record& who, const std::string& end) {
  auto waiting = std::exchange(who.waiting, nullptr);
  if (!waiting)
    return;
  for (auto& each : waiting->stop)
    each.deliver(caf::unit);
  for (auto& each : waiting->start)
    each.deliver(make_error(errc::stopped, end));
}

} // namespace bulwark::detail
