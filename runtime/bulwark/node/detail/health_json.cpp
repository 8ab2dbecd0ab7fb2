#include <bulwark/node/detail/health_json.hpp>
#include <bulwark/text/detail/json_writer.hpp>

namespace bulwark::detail {

namespace {

void write_names(json_writer& out, std::string_view key,
                 const std::vector<std::string>& names) {
  out.key(key).begin_array();
  for (const auto& name : names)
    out.value(name);
  out.end_array();
}

} // namespace

std::string health_json(const node_health& health, node_phase phase) {
  json_writer out;
  out.begin_object()
    .pair("node", health.node)
    .pair("phase", to_string(phase))
    .pair("journal", health.journal)
    .key("services")
    .begin_array();
  for (const auto& each : health.services) {
    out.begin_object()
      .pair("service", each.service)
      .pair("state", to_string(each.state))
      .pair("where", each.remote() ? "elsewhere" : "here")
      .pair("replicas_up", uint64_t{each.replicas_up})
      .pair("replicas", uint64_t{each.replicas})
      .pair("peers_up", uint64_t{each.peers_up})
      .pair("in_flight", uint64_t{each.in_flight})
      .pair("waiting", uint64_t{each.waiting});
    write_names(out, "required_down", each.required_down);
    write_names(out, "optional_down", each.optional_down);
    out.end_object();
  }
  out.end_array().end_object();
  return out.text();
}

} // namespace bulwark::detail
