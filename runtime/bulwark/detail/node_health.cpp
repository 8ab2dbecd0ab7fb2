#include <bulwark/detail/node_core.hpp>

namespace bulwark::detail {

namespace {

service_health seen_by(const gate_status& status) {
  service_health result;
  result.service = status.service;
  result.state = status.state;
  result.replicas_up = status.replicas_up;
  result.replicas = status.replicas;
  result.peers_up = status.peers_up;
  result.in_flight = status.in_flight;
  result.waiting = status.waiting;
  result.remote = status.replicas == 0;
  return result;
}

} // namespace

node_health node_core::health() const {
  node_health result;
  result.node = given_.node.name;
  result.draining = draining_;
  auto gates = engine_->gates().all();
  for (const auto& [name, each] : gates) {
    auto health = seen_by(each.status());
    for (const auto& used : services_.uses(name)) {
      auto at = gates.find(used.to);
      if (at == gates.end() || at->second.status().state == service_state::up)
        continue;
      auto required = used.kind == dependency_kind::required;
      (required ? health.required_down : health.optional_down)
        .push_back(used.to);
    }
    result.services.push_back(std::move(health));
  }
  return result;
}

} // namespace bulwark::detail
