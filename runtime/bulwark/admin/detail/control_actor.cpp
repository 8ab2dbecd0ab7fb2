#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/control_actor.hpp>
#include <bulwark/admin/detail/control_answers.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <map>
#include <utility>

namespace bulwark::detail {

namespace {

/// No exception ends the actor: without memory for one order there may be some
/// for the next. The server answers when the responder goes.
template <class Action>
void without_end(Action action) noexcept {
  try {
    action();
  } catch (...) {
    // See above.
  }
}

change change_for(const control_order& order) {
  change result;
  result.what = order.what;
  result.who = order.who.empty() ? "somebody with the token" : order.who;
  result.reason = order.reason;
  result.lasts = order.lasts;
  return result;
}

/// Capacity and reserve of a bulkhead are set together.
std::string group_of(const setting& what) {
  auto sizes = what.kind == setting_kind::bulkhead_capacity
               || what.kind == setting_kind::bulkhead_reserve;
  return sizes ? "bulkhead." + what.subject : field_of(what);
}

std::string joined(const std::vector<field_change>& fields,
                   std::string field_change::*value) {
  std::string result;
  for (const auto& each : fields)
    result += (result.empty() ? "" : " ") + each.field + "=" + each.*value;
  return result;
}

} // namespace

control_actor::control_actor(caf::actor_config& config, control_means means,
                             duration patience, emitter events)
  : system_actor(config, "node/" + means.node + "/control", events),
    means_(std::move(means)),
    patience_(patience),
    out_(std::move(events)) {}

caf::behavior control_actor::make_behavior() {
  return {
    [this](const control_question& what) {
      without_end([&] { on_order(what); });
    },
    [this](const history_question& what) {
      without_end([&] { what.respond(history_answer(history_.all())); });
    },
    [this](const control_answer_due& what) {
      without_end([&] {
        for (const auto& each : history_.all())
          if (each.id == what.id)
            what.respond(change_answer(202, each));
      });
    },
    [this](control_end_due) { without_end([&] { on_end_due(); }); },
    [this](faults_due) {
      faults_awaited_ = false;
      without_end([&] { await_faults(); });
    },
    [this](const node_fault_due& x) { on_node_fault(x.what); },
    [this](stop_actor) {
      if (means_.faults)
        means_.faults->stop();
      // Handles of others would keep these until this one is gone.
      means_ = {};
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

std::string control_actor::current(const std::string& field) const {
  return value_of(settings_of(means_), field);
}

void control_actor::on_order(const control_question& what) {
  switch (what.order.act) {
  case control_act::set:
    return set_fields(what);
  case control_act::undo:
    return undo(what);
  case control_act::restart:
    return restart(what);
  case control_act::leave:
    return leave(what);
  case control_act::chaos:
    return practise(what);
  }
}

void control_actor::set_fields(const control_question& what) {
  auto plan = plan_changes(settings_of(means_), what.order.values);
  if (const auto* wrong = std::get_if<std::string>(&plan))
    return what.respond(admin_error(400, *wrong));
  auto wanted = change_for(what.order);
  wanted.fields = std::get<std::vector<field_change>>(std::move(plan));
  carry_out(wanted, what.respond);
}

void control_actor::undo(const control_question& what) {
  auto found = history_.undo_of(
    what.order.change, [this](const auto& field) { return current(field); });
  if (const auto* wrong = std::get_if<std::string>(&found))
    return what.respond(admin_error(409, *wrong));
  auto wanted = change_for(what.order);
  wanted.fields = std::get<change>(found).fields;
  wanted.undoes = what.order.change;
  wanted.what += " " + std::to_string(what.order.change);
  carry_out(wanted, what.respond);
}

void control_actor::restart(const control_question& what) {
  if (auto work = begin(change_for(what.order), what.respond)) {
    work->child = what.order.child;
    restart_child(work);
  }
}

/// After the answer, so that it still gets out.
void control_actor::leave(const control_question& what) {
  auto work = begin(change_for(what.order), what.respond);
  if (!work)
    return;
  done(*work, {});
  means_.leave();
}

std::shared_ptr<control_actor::control_work>
control_actor::begin(change what, const http_responder& respond) {
  auto reason = what.reason;
  auto begun = history_.begin(std::move(what), out_.time());
  if (const auto* clash = std::get_if<std::string>(&begun)) {
    respond(admin_error(409, *clash));
    return nullptr;
  }
  auto result = std::make_shared<control_work>();
  result->id = std::get<uint64_t>(begun);
  result->reason = std::move(reason);
  result->respond = respond;
  delayed_send(this, patience_, control_answer_due{result->id, respond});
  return result;
}

void control_actor::carry_out(const change& what,
                              const http_responder& respond) {
  auto work = begin(what, respond);
  if (!work)
    return;
  work->settings = settings_of(means_);
  std::map<std::string, size_t> places;
  for (const auto& each : what.fields) {
    auto group = group_of(setting_of(work->settings, each.field));
    auto [place, fresh] = places.emplace(group, work->groups.size());
    if (fresh)
      work->groups.emplace_back();
    work->groups[place->second].push_back(each);
  }
  write_from(work, 0);
}

void control_actor::done(const control_work& what, const caf::error& failure) {
  if (failure) {
    history_.failed(what.id, describe(failure), now());
    what.respond(refused_change(failure));
  } else if (auto now_is = history_.applied(what.id, now(), out_.time())) {
    tell_change(*now_is);
    what.respond(change_answer(200, *now_is));
  }
  await_end();
}

void control_actor::tell_change(const change& what) {
  event told;
  told.kind = event_kind::change_applied;
  told.level = severity_of(told.kind);
  told.component = component();
  told.reason = what.reason;
  told.with("id", std::to_string(what.id))
    .with("who", what.who)
    .with("what", what.what);
  if (!what.fields.empty())
    told.with("from", joined(what.fields, &field_change::from))
      .with("to", joined(what.fields, &field_change::to));
  if (what.until)
    told.with("until", to_text(*what.until));
  emit(std::move(told));
}

void control_actor::on_end_due() {
  auto settings = settings_of(means_);
  auto over = history_.take_due(
    now(), [&](const auto& field) { return value_of(settings, field); });
  for (auto& each : over) {
    each.who = component();
    each.reason =
      "the time of change " + std::to_string(each.undoes) + " is over";
    carry_out(each, [](const http_response&) {});
  }
  await_end();
}

void control_actor::await_end() {
  if (auto due = history_.next_due())
    delayed_send(this, std::max(*due - now(), duration::zero()),
                 control_end_due{});
}

} // namespace bulwark::detail
