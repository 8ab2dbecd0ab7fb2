#include <bulwark/detail/service_tree.hpp>

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
  result.start =
    start_behind(at, index, service.factory,
                 {service.settings.blocking, service.settings.reports_ready});
  result.on_change = [at, index](const child_change& change) {
    at.replica_changed(index, change);
  };
  return result;
}

/// While the supervisor of a service is down, its replicas are stopped for
/// the time being, not for good.
std::function<void(const child_change&)> tell_outlook(const gate& at,
                                                      size_t replicas) {
  return [at, replicas](const child_change& change) {
    if (change.state != child_state::failed
        && change.state != child_state::waiting)
      return;
    child_change outlook;
    outlook.state = change.state;
    outlook.reason = change.reason;
    for (size_t i = 0; i < replicas; ++i)
      at.replica_changed(static_cast<uint8_t>(i), outlook);
  };
}

child_spec branch(const service_declaration& service, const gate& at,
                  const emitter& events, uint64_t seed) {
  supervisor_settings result;
  result.path = std::string{root_path} + "/" + service.name;
  result.strategy = service.settings.strategy;
  result.limits = service.settings.supervisor;
  result.min_healthy = service.settings.min_healthy;
  result.events = events;
  result.seed = seed ^ std::hash<std::string>{}(service.name);
  for (size_t i = 0; i < service.settings.replicas; ++i)
    result.children.push_back(replica(service, at, static_cast<uint8_t>(i)));
  auto spec = supervisor_child(std::move(result));
  spec.on_limit = service.settings.on_limit;
  spec.on_change = tell_outlook(at, service.settings.replicas);
  return spec;
}

} // namespace

supervisor_settings
service_tree(const std::vector<service_declaration*>& services,
             const std::vector<child_spec>& others,
             const std::function<gate(const std::string&)>& gate_of,
             const emitter& events, uint64_t seed) {
  supervisor_settings root;
  root.path = root_path;
  root.events = events;
  root.seed = seed;
  for (const auto* each : services)
    root.children.push_back(branch(*each, gate_of(each->name), events, seed));
  root.children.insert(root.children.end(), others.begin(), others.end());
  return root;
}

} // namespace bulwark::detail
