#include <bulwark/admin/detail/fault_desk.hpp>
#include <bulwark/events/detail/severity_rules.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

fault_desk::fault_desk(fault_targets targets,
                       std::shared_ptr<experiment_tag> tag,
                       std::string component, emitter events)
  : targets_(std::move(targets)),
    tag_(std::move(tag)),
    component_(std::move(component)),
    events_(std::move(events)) {}

std::optional<std::string> fault_desk::take(const fault_order& what,
                                            time_point now) {
  auto next = look(now);
  if (what.what == fault_order::act::begin)
    return begin(what.experiment, now);
  if (!next || what.experiment != experiment_)
    return "experiment " + what.experiment + " does not go on here";
  switch (what.what) {
  case fault_order::act::lend:
    return lend(what, now);
  case fault_order::act::renew:
    renew(now);
    break;
  case fault_order::act::lift:
    lift("lifted");
    break;
  default:
    lift("lifted");
    forget();
    break;
  }
  return std::nullopt;
}

std::optional<std::string> fault_desk::begin(const std::string& experiment,
                                             time_point now) {
  if (!experiment_.empty() && experiment_ != experiment)
    return "experiment " + experiment_
           + " goes on here; one at a time, so that one knows what each did";
  experiment_ = experiment;
  until_ = now + fault_leases::lease;
  tag_->set(experiment);
  return std::nullopt;
}

std::optional<std::string> fault_desk::lend(const fault_order& what,
                                            time_point now) {
  auto order = what;
  order.id = experiment_ + "/" + what.id;
  if (auto why = leases_.grant(order.id, what.fault, now))
    return why;
  if (auto why = targets_.lend(order)) {
    leases_.end(order.id);
    return why;
  }
  lent_.insert_or_assign(order.id, what.fault);
  tell("fault lent", order.id, what.fault);
  return std::nullopt;
}

void fault_desk::renew(time_point now) {
  until_ = now + fault_leases::lease;
  for (const auto& [id, what] : lent_)
    if (leases_.renew(id, now))
      targets_.renew(id);
}

void fault_desk::lift(const std::string& how) {
  leases_.end_all();
  for (const auto& [id, what] : std::exchange(lent_, {})) {
    targets_.lift(id);
    tell("fault " + how, id, what);
  }
}

std::optional<time_point> fault_desk::look(time_point now) {
  for (const auto& id : leases_.take_expired(now))
    if (auto known = lent_.extract(id)) {
      targets_.lift(id);
      tell("fault not renewed", id, known.mapped());
    }
  if (!experiment_.empty() && now >= until_)
    forget();
  if (experiment_.empty())
    return std::nullopt;
  auto next = leases_.next_end();
  return next ? std::min(*next, until_) : until_;
}

void fault_desk::forget() {
  lift("not renewed");
  experiment_.clear();
  tag_->set({});
}

void fault_desk::tell(const std::string& change, const std::string& id,
                      const fault& what) {
  event told;
  told.kind = event_kind::change_applied;
  told.level = severity_of(told.kind);
  told.component = component_;
  told.reason = to_string(what);
  told.with("who", "experiment " + experiment_)
    .with("what", change)
    .with("experiment", experiment_)
    .with("fault", id);
  events_.emit(std::move(told));
}

} // namespace bulwark::detail
