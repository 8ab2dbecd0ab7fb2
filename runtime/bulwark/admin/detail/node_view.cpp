#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/node_view.hpp>
#include <bulwark/admin/detail/tree_reading.hpp>
#include <bulwark/text/detail/json_writer.hpp>

#include <nlohmann/json.hpp>

#include <chrono>

namespace bulwark::detail {

namespace {

void write_outlook(json_writer& out, const child_outlook& what) {
  out.begin_object();
  write_child(out, what.it);
  if (what.restarts_left)
    out.pair("restarts_left", uint64_t{*what.restarts_left});
  if (what.retry_in)
    out.pair("retry_in_seconds",
             std::chrono::duration<double>{*what.retry_in}.count());
  out.end_object();
}

void write_page(json_writer& out, const children_page& what) {
  out.pair("total", what.total).key("states").begin_object();
  for (size_t i = 0; i < what.states.size(); ++i)
    if (what.states[i] != 0)
      out.pair(word_of(static_cast<child_state>(i)), what.states[i]);
  out.end_object().key("children").begin_array();
  for (const auto& each : what.children)
    write_outlook(out, each);
  out.end_array();
}

uint64_t ended_well(const request_figures& of) {
  return of.outcomes.empty() ? 0 : of.outcomes.front().count;
}

uint64_t ended_badly(const request_figures& of) {
  uint64_t result = 0;
  for (size_t i = 1; i < of.outcomes.size(); ++i)
    result += of.outcomes[i].count;
  return result;
}

void write_supervisors(json_writer& out, const node_view& view) {
  out.key("supervisors").begin_object();
  for (const auto& [service, page] : view.branches) {
    out.key(service).begin_object();
    write_page(out, page);
    out.end_object();
  }
  out.end_object();
}

void write_breakers(json_writer& out, const admin_sources& of) {
  out.key("breakers").begin_array();
  for (const auto& [service, it] : of.breakers())
    out.begin_object()
      .pair("service", service)
      .pair("state", to_string(it.state))
      .pair("failures", uint64_t{it.failure_count})
      .pair("success_percent", it.success_rate)
      .pair("recent_calls", it.recent_calls)
      .end_object();
  out.end_array();
}

void write_requests(json_writer& out, const admin_sources& of) {
  out.key("requests").begin_object();
  for (const auto& [service, figures] : of.requests())
    out.key(service)
      .begin_object()
      .pair("ok", ended_well(figures))
      .pair("failed", ended_badly(figures))
      .end_object();
  out.end_object();
}

} // namespace

http_response children_answer(const std::string& node,
                              const std::string& service,
                              const children_page& what) {
  json_writer out;
  out.begin_object().pair("node", node).pair("service", service);
  write_page(out, what);
  out.end_object();
  return {.status = 200, .body = out.text() + '\n'};
}

http_response view_answer(const admin_sources& of, const node_view& view) {
  json_writer out;
  out.begin_object().pair("node", of.node).key("health").raw(of.health());
  out.key("root").begin_object();
  write_page(out, view.root);
  out.end_object();
  write_supervisors(out, view);
  write_requests(out, of);
  write_breakers(out, of);
  auto bulkheads = bulkheads_text(of.bulkheads());
  out.key("bulkheads").raw(bulkheads).end_object();
  return {.status = 200, .body = out.text() + '\n'};
}

http_response cluster_answer(const std::string& node,
                             const std::vector<node_said>& all) {
  json_writer out;
  out.begin_object().pair("node", node).key("nodes").begin_array();
  // Another node's words must not become part of ours unless they are JSON.
  auto good = [](const node_said& x) {
    return !x.view.empty() && nlohmann::json::accept(x.view);
  };
  for (const auto& each : all)
    if (good(each))
      out.begin_object()
        .pair("node", each.node)
        .key("view")
        .raw(each.view)
        .end_object();
  out.end_array().key("silent").begin_array();
  for (const auto& each : all)
    if (!good(each))
      out.begin_object()
        .pair("node", each.node)
        .pair("why",
              each.why.empty() ? "what it answered is no JSON" : each.why)
        .end_object();
  out.end_array().end_object();
  return {.status = 200, .body = out.text() + '\n'};
}

} // namespace bulwark::detail
