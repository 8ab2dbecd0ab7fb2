#include <bulwark/node/detail/service_tree.hpp>

#include <caf/actor_cast.hpp>

#include <functional>
#include <utility>

namespace bulwark::detail {

namespace {

constexpr const char* root_path = "/root";

child_spec replica(const service_declaration& service, const gate& at,
                   uint8_t index) {
  child_spec result;
  result.id = service.name + "#" + std::to_string(index + 1);
  result.restart = service.settings.restart;
  result.on_limit = service.settings.on_limit;
  result.ready_within = service.settings.ready_within;
  result.hung_after = service.settings.hung_after;
  result.on_failure = service.settings.on_failure;
  result.severity_shift = service.settings.severity_shift;
  replica_manner manner{service.settings.blocking,
                        service.settings.reports_ready, service.quota};
  manner.faults = service.faults;
  if (service.role)
    manner.role = [role = service.role] { return role->token(); };
  result.start = start_behind(at, index, service.factory, std::move(manner));
  result.on_change = [at, index,
                      singleton = service.singleton](child_change change) {
    // It is going to run again, here or elsewhere.
    if (singleton && change.state == child_state::stopped
        && change.next == child_next::open)
      change.state = child_state::waiting;
    at.replica_changed(index, change);
  };
  return result;
}

/// While the supervisor of a service is down, its replicas are stopped for
/// the time being, not for good.
std::function<void(const child_change&)>
tell_expected_state(const gate& at, const std::string& service,
                    const tree_parts& parts) {
  return
    [at, service, note = parts.note_supervisor](const child_change& change) {
      if (note)
        note(service, caf::actor_cast<caf::actor>(change.handle));
      if (change.state == child_state::failed
          || change.state == child_state::waiting)
        at.all_replicas_changed(change.state);
    };
}

/// What the ledger is to know of a service.
std::vector<std::pair<std::string, std::string>>
about(const service_declaration& service) {
  std::vector<std::pair<std::string, std::string>> result;
  if (!service.bulkhead.empty())
    result.emplace_back("bulkhead", service.bulkhead);
  std::string uses;
  for (const auto& each : service.uses)
    uses += (uses.empty() ? "" : ",") + each.to;
  if (!uses.empty())
    result.emplace_back("depends_on", std::move(uses));
  return result;
}

child_spec branch(const service_declaration& service, const gate& at,
                  const tree_parts& parts) {
  supervisor_settings result;
  result.path = std::string{root_path} + "/" + service.name;
  result.strategy = service.settings.strategy;
  result.limits = service.settings.supervisor;
  result.min_healthy = service.settings.min_healthy;
  // Its gate knows whether enough of them are active.
  result.tells_outages = service.settings.standby == 0;
  result.severity_shift = service.settings.severity_shift;
  result.about = about(service);
  result.events = parts.events;
  result.seed = parts.seed ^ std::hash<std::string>{}(service.name);
  auto replicas = service.settings.replicas + service.settings.standby;
  for (size_t i = 0; i < replicas; ++i)
    result.children.push_back(replica(service, at, static_cast<uint8_t>(i)));
  // Scaling never takes standbys, which are the last ones.
  if (service.settings.standby > 0)
    result.children_min = replicas;
  result.children_max = service_settings::replicas_max;
  result.more = [service, at](size_t n) {
    auto index = static_cast<uint8_t>(n);
    at.declare_replica(index);
    return replica(service, at, index);
  };
  auto spec = supervisor_child(std::move(result));
  spec.on_limit = service.settings.on_limit;
  if (service.role)
    spec.start = [role = service.role,
                  start = std::move(spec.start)](run_context on, birth origin) {
      if (!role->token())
        throw ignore_start{};
      return start(on, std::move(origin));
    };
  spec.on_change = tell_expected_state(at, service.name, parts);
  return spec;
}

} // namespace

supervisor_settings
service_tree(const std::vector<service_declaration*>& services,
             const tree_parts& parts) {
  supervisor_settings root;
  root.path = root_path;
  root.events = parts.events;
  root.seed = parts.seed;
  for (const auto* each : services)
    root.children.push_back(branch(*each, parts.gate_of(each->name), parts));
  root.children.insert(root.children.end(), parts.others.begin(),
                       parts.others.end());
  return root;
}

} // namespace bulwark::detail
