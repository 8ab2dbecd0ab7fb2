#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_page.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/detail/log_text.hpp>

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
    .begin_array();
  for (const auto& each : admin_paths)
    body.value(each.path);
  body.end_array().end_object();
  return json_answer(404, body);
}

http_response admin_wrong_method() {
  auto result = admin_error(405, "nothing can be changed here");
  result.allow = "GET, HEAD";
  return result;
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
