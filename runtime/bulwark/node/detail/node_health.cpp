#include <bulwark/node/detail/node_core.hpp>

namespace bulwark::detail {

node_health node_core::health() const {
  node_health result;
  result.node = given_.node.name;
  result.draining = draining_;
  result.journal = engine_->journal().state();
  auto gates = engine_->gates().all();
  for (const auto& [name, each] : gates) {
    service_health health{each.status(), {}, {}};
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
