#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_page.hpp>
#include <bulwark/admin/detail/control_order.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <chrono>

namespace bulwark::detail {

namespace {

/// A longer path is cut.
constexpr size_t path_told_max = 100;

http_response json_answer(int status, const json_writer& body) {
  return {.status = status, .body = body.text() + '\n'};
}

/// What all probes begin with.
json_writer begin_probe(const std::string& node, std::string_view name,
                        bool good) {
  json_writer result;
  result.begin_object().pair("node", node).pair(name, good);
  return result;
}

int status_of(bool good) {
  return good ? 200 : 503;
}

} // namespace

std::string to_string(node_phase phase) {
  switch (phase) {
  case node_phase::starting:
    return "starting";
  case node_phase::serving:
    return "serving";
  case node_phase::draining:
    return "draining";
  }
  return "node_phase(" + std::to_string(static_cast<int>(phase)) + ")";
}

http_response admin_error(int status, std::string_view words) {
  json_writer body;
  body.begin_object().pair("error", words).end_object();
  return json_answer(status, body);
}

http_response admin_not_found(std::string_view path) {
  std::string told{path};
  cut_text(told, path_told_max);
  json_writer body;
  body.begin_object()
    .pair("error", "there is nothing at " + bulwark::quoted(told))
    .key("paths")
    .begin_array()
    .value(control_path)
    .value(events_path);
  for (const auto& each : admin_paths)
    body.value(each.path);
  body.end_array().end_object();
  return json_answer(404, body);
}

http_response admin_wrong_method(std::string_view allowed) {
  auto result =
    admin_error(405, "only " + std::string{allowed} + " can be done here");
  result.allow = allowed;
  return result;
}

http_response admin_no_token(bool has_token, const std::string& node) {
  auto result = admin_error(
    401, has_token
           ? "changes come with the token that is in " + node
               + ".admin in the node's folder: Authorization: Bearer TOKEN, or "
                 "bulwark ... --data=FOLDER"
           : "nothing can be changed here: the node was started without "
             "--data=FOLDER, where it writes the token that changes come with");
  result.fields.emplace_back("WWW-Authenticate", "Bearer");
  return result;
}

std::string bulkheads_text(const std::vector<bulkhead_stats>& all) {
  json_writer body;
  body.begin_array();
  for (const auto& each : all)
    body.begin_object()
      .pair("bulkhead", each.name)
      .pair("state", to_string(each.state))
      .pair("isolation", to_string(each.isolation))
      .pair("draining", each.draining)
      .pair("capacity", each.max_capacity)
      .pair("limit", each.current_limit)
      .pair("in_use", each.current_usage)
      .pair("waiting", each.queue_length)
      .pair("requests", each.usage.total_requests)
      .pair("refusals", each.usage.refusals + each.usage.isolated)
      .end_object();
  return body.end_array().text();
}

http_response bulkheads_answer(const std::vector<bulkhead_stats>& all) {
  json_writer body;
  body.begin_object().key("bulkheads").raw(bulkheads_text(all)).end_object();
  return json_answer(200, body);
}

http_response members_answer(const std::string& node,
                             const std::vector<cluster_member>& all,
                             time_point now) {
  json_writer body;
  body.begin_object().pair("node", node).key("members").begin_array();
  for (const auto& each : all)
    body.begin_object()
      .pair("node", each.node)
      .pair("state", to_string(each.state))
      .pair("lost", each.lost)
      .pair("since_s", static_cast<uint64_t>(
                         std::chrono::duration_cast<std::chrono::seconds>(
                           std::max(now - each.since, duration{0}))
                           .count()))
      .pair("address", each.address)
      .pair("boot", each.boot)
      .pair("reason", each.reason)
      .end_object();
  body.end_array().end_object();
  return json_answer(200, body);
}

http_response live_answer(const std::string& node, bool live,
                          std::string_view silent) {
  auto body = begin_probe(node, "live", live);
  if (!live)
    body.pair("silent", silent);
  body.end_object();
  return json_answer(status_of(live), body);
}

http_response startup_answer(const std::string& node, node_phase phase) {
  auto started = phase != node_phase::starting;
  auto body = begin_probe(node, "started", started);
  body.pair("phase", to_string(phase)).end_object();
  return json_answer(status_of(started), body);
}

http_response ready_answer(const std::string& node, node_phase phase,
                           const std::vector<gate_status>& services) {
  std::vector<std::string> not_up;
  for (const auto& each : services)
    if (each.replicas > 0 && each.state != service_state::up)
      not_up.push_back(each.service);
  auto ready = phase == node_phase::serving && not_up.empty();
  auto body = begin_probe(node, "ready", ready);
  body.pair("phase", to_string(phase)).key("not_up").begin_array();
  for (const auto& name : not_up)
    body.value(name);
  body.end_array().end_object();
  return json_answer(status_of(ready), body);
}

http_response events_answer(const std::vector<event>& events) {
  json_writer body;
  body.begin_object().key("events").begin_array();
  for (const auto& each : events)
    body.raw(json_line(each));
  body.end_array().end_object();
  return json_answer(200, body);
}

} // namespace bulwark::detail
