#include <bulwark/admin/detail/control_actor.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/unit.hpp>

#include <type_traits>
#include <utility>

// How each change is carried out: by the requests that services can make too.

namespace bulwark::detail {

namespace {

caf::error control_error(errc code, const std::string& field,
                         const caf::error& why) {
  return make_error(code, field + ": " + describe(why));
}

isolation isolation_of(const std::string& word) {
  for (auto each : {isolation::background, isolation::normal, isolation::all})
    if (to_string(each) == word)
      return each;
  return isolation::none;
}

/// What a breaker finds out by itself cannot be set: it begins anew.
breaker_state breaker_state_of(const std::string& word) {
  for (auto each : {breaker_state::forced_open, breaker_state::disabled,
                    breaker_state::metrics_only})
    if (to_string(each) == word)
      return each;
  return breaker_state::closed;
}

std::vector<field_change> turned_round(std::vector<field_change> fields) {
  for (auto& each : fields)
    std::swap(each.from, each.to);
  return fields;
}

} // namespace

template <class Answer, class Request>
void control_actor::ask(const caf::actor& whom, duration time, Request what,
                        after then) {
  auto end = [then](const caf::error& why) {
    try {
      then(why);
    } catch (...) {
      // No memory: the change is not told to be done, and goes on for ever.
    }
  };
  auto asked = request(whom, time, std::move(what));
  // CAF sends a unit as no value at all.
  if constexpr (std::is_same_v<Answer, caf::unit_t>)
    asked.then([end] { end({}); }, end);
  else
    asked.then([end](const Answer&) { end({}); }, end);
}

void control_actor::write_from(const std::shared_ptr<control_work>& of,
                               size_t n) {
  if (n == of->groups.size())
    return done(*of, {});
  write(*of, of->groups[n], [this, of, n](const caf::error& why) {
    why ? set_back(of, n, why) : write_from(of, n + 1);
  });
}

void control_actor::set_back(const std::shared_ptr<control_work>& of, size_t n,
                             const caf::error& why) {
  if (n == 0)
    return done(*of, why);
  auto before = turned_round(of->groups[n - 1]);
  write(*of, before, [this, of, n, why](const caf::error& again) {
    if (!again)
      return set_back(of, n - 1, why);
    auto words = describe(why)
                 + "; what was changed before could not be set "
                   "back: "
                 + describe(again);
    set_back(of, n - 1, make_error(code_of(why, errc::timed_out), words));
  });
}

void control_actor::write(const control_work& of, const field_group& what,
                          const after& then) {
  const auto& first = what.front();
  const auto& of_field = setting_of(of.settings, first.field);
  switch (of_field.kind) {
  case setting_kind::log_level:
    means_.set_log_level(parse_log_level(first.to).value());
    return then({});
  case setting_kind::bulkhead_monitoring:
    means_.bulkheads.set_monitoring(first.to == "on");
    return then({});
  case setting_kind::breaker_state:
    return then(write_breaker(of_field.subject, first.to));
  case setting_kind::service_replicas:
    return write_replicas(of_field.subject, first.to, then);
  default:
    return write_bulkhead(of, what, then);
  }
}

void control_actor::write_bulkhead(const control_work& of,
                                   const field_group& what, const after& then) {
  const auto& first = what.front();
  const auto& of_field = setting_of(of.settings, first.field);
  auto door = means_.bulkheads.find(of_field.subject).handle();
  if (!door)
    return then(make_error(errc::no_such_bulkhead,
                           "there is no bulkhead " + of_field.subject));
  if (of_field.kind == setting_kind::bulkhead_isolation)
    return isolate(of, first, door, then);
  auto base = "bulkhead." + of_field.subject;
  auto number = [&](const std::string& field) {
    for (const auto& each : what)
      if (each.field == field)
        return std::stoull(each.to);
    return std::stoull(current(field));
  };
  resize_bulkhead wanted{number(base + ".capacity"),
                         number(base + ".reserved_for_critical")};
  ask<caf::unit_t>(
    door, patience_, wanted, [then, base](const caf::error& why) {
      then(why ? control_error(code_of(why, errc::timed_out), base, why)
               : caf::error{});
    });
}

void control_actor::isolate(const control_work& of, const field_change& what,
                            const caf::actor& door, const after& then) {
  auto reason =
    of.reason.empty() ? "change " + std::to_string(of.id) : of.reason;
  if (what.to == "draining")
    return ask<caf::unit_t>(door, patience_, drain_bulkhead{reason}, then);
  ask<caf::unit_t>(door, patience_,
                   isolate_bulkhead{isolation_of(what.to), reason}, then);
}

void control_actor::write_replicas(const std::string& service,
                                   const std::string& count,
                                   const after& then) {
  auto field = "service." + service + ".replicas";
  auto supervisor = means_.supervisor(service);
  if (!supervisor)
    return then(make_error(errc::stopped, field
                                            + ": the supervisor is down; "
                                              "try again when it is up"));
  ask<caf::unit_t>(
    supervisor, children_time, scale_children{std::stoull(count)},
    [then, field](const caf::error& why) {
      then(why ? control_error(code_of(why, errc::timed_out), field, why)
               : caf::error{});
    });
}

caf::error control_actor::write_breaker(const std::string& service,
                                        const std::string& state) {
  auto found = means_.breaker(service);
  if (!found)
    return make_error(errc::not_found, "there is no breaker of " + service);
  found->set(breaker_state_of(state));
  return {};
}

/// A replica is a child of its service's supervisor, a whole service one of the
/// root's.
void control_actor::restart_child(const std::shared_ptr<control_work>& of) {
  auto mark = of->child.find('#');
  auto whole = mark == std::string::npos;
  auto supervisor =
    whole ? means_.root : means_.supervisor(of->child.substr(0, mark));
  if (!supervisor)
    return done(*of, make_error(errc::not_found,
                                "child is " + of->child
                                  + "; it must be a service of this node or a "
                                    "replica of one, whose supervisor is up"));
  start_child(of, supervisor, true);
}

void control_actor::start_child(const std::shared_ptr<control_work>& of,
                                const caf::actor& supervisor, bool may_run) {
  auto end = [this, of](const caf::error& why) {
    done(*of, why ? control_error(code_of(why, errc::timed_out),
                                  "child " + of->child, why)
                  : caf::error{});
  };
  ask<child_info>(
    supervisor, children_time, bulwark::restart_child{of->child},
    [=, this](const caf::error& why) {
      auto runs =
        why
        && (code_of(why, errc::timed_out) == errc::running
            || code_of(why, errc::timed_out) == errc::already_started);
      if (!may_run || !runs)
        return end(why);
      ask<caf::unit_t>(supervisor, children_time, terminate_child{of->child},
                       [=, this](const caf::error& failure) {
                         failure ? end(failure)
                                 : start_child(of, supervisor, false);
                       });
    });
}

} // namespace bulwark::detail
