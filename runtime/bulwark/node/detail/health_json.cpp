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

void write_group(json_writer& out, const group_health& group) {
  auto number = [](size_t n) { return uint64_t{n}; };
  out.key("group")
    .begin_object()
    .pair("total_components", number(group.total_components))
    .pair("healthy_components", number(group.healthy_components))
    .pair("degraded_components", number(group.degraded_components))
    .pair("failed_components", number(group.failed_components))
    .pair("recovering_components", number(group.recovering_components))
    .pair("ejected_components", number(group.ejected_components))
    .pair("active_components", number(group.active_components))
    .pair("standby_components", number(group.standby_components))
    .pair("health_percentage", group.health_percentage)
    .pair("fault_tolerance_level", to_string(group.fault_tolerance_level))
    .pair("can_handle_failures", group.can_handle_failures)
    .pair("panic", group.panic)
    .end_object();
}

void write_members(json_writer& out, const std::vector<group_replica>& all) {
  out.key("members").begin_array();
  for (const auto& each : all)
    out.begin_object()
      .pair("id", each.id)
      .pair("status", to_string(each.status))
      .pair("active", each.active)
      .pair("ejected", each.ejected)
      .pair("load", each.load)
      .pair("failure_count", each.failure_count)
      .pair("recovery_attempts", uint64_t{each.recovery_attempts})
      .pair("reason", each.reason)
      .end_object();
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
    if (each.group)
      write_group(out, *each.group);
    if (each.group)
      write_members(out, each.members);
    out.end_object();
  }
  out.end_array().end_object();
  return out.text();
}

} // namespace bulwark::detail
