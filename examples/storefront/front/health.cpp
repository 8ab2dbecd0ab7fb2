#include "front/health.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

json to_json(const bulwark::service_health& what) {
  json result{{"state", to_string(what.state)},
              {"where", what.remote() ? "elsewhere" : "here"},
              {"in_flight", what.in_flight},
              {"waiting", what.waiting}};
  if (what.remote()) {
    result["peers_up"] = what.peers_up;
  } else {
    result["replicas_up"] = what.replicas_up;
    result["replicas"] = what.replicas;
  }
  if (!what.required_down.empty())
    result["required_down"] = what.required_down;
  if (!what.optional_down.empty())
    result["optional_down"] = what.optional_down;
  return result;
}

} // namespace

std::string health_json(const bulwark::node_health& health) {
  json services = json::object();
  bool all_up = true;
  for (auto& each : health.services) {
    services[each.service] = to_json(each);
    all_up = all_up && each.state == bulwark::service_state::up;
  }
  return json{{"node", health.node},
              {"draining", health.draining},
              {"status", all_up ? "up" : "degraded"},
              {"journal", health.journal},
              {"services", services}}
    .dump();
}

} // namespace storefront
