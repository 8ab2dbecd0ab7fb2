#include <bulwark/admin/detail/admin_actor.hpp>
#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_guard.hpp>
#include <bulwark/admin/detail/admin_server.hpp>
#include <bulwark/admin/detail/control_actor.hpp>
#include <bulwark/admin/detail/control_answers.hpp>
#include <bulwark/admin/detail/event_streams.hpp>
#include <bulwark/admin/detail/page_file.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/detail/node_questions.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// Room for a few who watch. Who connects and asks nothing makes way, see
/// `http_limits::connections_max`.
http_limits admin_limits(duration patience) {
  using namespace std::chrono_literals;
  return {.connections_max = 32,
          .requests_max = 16,
          .body_max = 16 * 1024,
          .read_timeout = 5s,
          .answer_timeout = patience,
          .write_timeout = 5s};
}

/// Who asks too much for other pages fails no probe.
bool is_probe(const http_request& request) {
  return request.path.starts_with("/health/");
}

bool is_change(std::string_view path) {
  return path.starts_with(control_path)
         && is_control_word(path.substr(control_path.size()));
}

std::string error_body(int status, std::string_view text, std::string_view) {
  return admin_error(status, text).body;
}

/// What the server could not do.
void tell_fault(const emitter& events, const std::string& node,
                const std::string& fault) {
  event told;
  told.kind = event_kind::message_failed;
  told.level = severity::low;
  told.component = "node/" + node + "/admin";
  told.reason = fault;
  events.emit(std::move(told));
}

} // namespace

admin_server::admin_server(duration patience)
  : patience_(patience),
    server_(admin_limits(patience),
            [this](http_request request, const http_responder& respond) {
              handle(std::move(request), respond);
            },
            {.errors = error_body,
             .exempt = is_probe,
             .report = [this](const std::string& fault) {
               tell_fault(events_, sources_.node, fault);
             }}) {}

admin_server::~admin_server() {
  stop();
}

uint16_t admin_server::listen(const host_port& where) {
  // By number where it is not one: what a name leads to is for whoever set up
  // the machine to say.
  auto by_name = where.host.find_first_of(".:") == std::string::npos;
  return server_.listen(by_name ? "127.0.0.1" : where.host, where.port);
}

void admin_server::start(caf::actor_system& sys, admin_sources sources,
                         control_means means, emitter events) {
  asker_ = sys.spawn<admin_actor, caf::hidden>(sources, patience_, events);
  // So that its answer comes before that of the server.
  control_ =
    sys.spawn<control_actor, caf::hidden>(means, patience_ * 3 / 4, events);
  streams_ = sys.spawn<event_streams, caf::hidden>(sources.node,
                                                   sources.monitor, events);
  caf::anon_send(sources.monitor, questions_to{asker_});
  sources_ = std::move(sources);
  means_ = std::move(means);
  events_ = std::move(events);
  server_.start();
}

void admin_server::end(caf::actor& who) const {
  caf::scoped_actor self{who->home_system()};
  bulwark::stop(who);
  self->wait_for(who);
  who = nullptr;
}

void admin_server::stop() {
  server_.stop();
  if (!asker_)
    return;
  caf::anon_send(sources_.monitor, questions_to{});
  end(asker_);
  end(control_);
  end(streams_);
  sources_ = {};
  means_ = {};
}

void admin_server::handle(http_request request,
                          const http_responder& respond) const {
  if (auto why = refuse_foreign(request))
    return respond(admin_error(403, *why));
  if (request.method == "POST")
    return take_change(request, respond);
  if (request.method == "GET" || request.method == "HEAD")
    return tell_page(std::move(request), respond);
  respond(admin_wrong_method("GET, HEAD, POST"));
}

void admin_server::tell_page(http_request request,
                             const http_responder& respond) const {
  if (request.path == events_path)
    return caf::anon_send(streams_,
                          stream_question{std::move(request), respond});
  if (auto file = page_answer(request.path))
    return respond(std::move(*file));
  auto page = find_admin_page(request.path);
  if (!page)
    return respond(is_change(request.path) ? admin_wrong_method("POST")
                                           : admin_not_found(request.path));
  if (takes_actor(*page))
    return caf::anon_send(asker_,
                          admin_question{*page, std::move(request), respond});
  switch (*page) {
  case admin_page::startup:
    return respond(startup_answer(sources_.node, sources_.phase()));
  case admin_page::ready:
    return respond(
      ready_answer(sources_.node, sources_.phase(), sources_.services()));
  case admin_page::bulkheads:
    return respond(bulkheads_answer(sources_.bulkheads()));
  case admin_page::members:
    return respond(
      members_answer(sources_.node, sources_.members(), sources_.now()));
  case admin_page::settings:
    return respond(settings_answer(settings_of(means_)));
  case admin_page::history:
    return caf::anon_send(control_, history_question{respond});
  default:
    return respond({.status = 200, .body = sources_.health() + '\n'});
  }
}

/// The token comes first: who has none learns nothing.
void admin_server::take_change(const http_request& request,
                               const http_responder& respond) const {
  if (!token_.came_with(request))
    return respond(admin_no_token(bool{token_}, sources_.node));
  if (find_admin_page(request.path) || request.path == events_path
      || page_answer(request.path))
    return respond(admin_wrong_method("GET, HEAD"));
  if (!is_change(request.path))
    return respond(admin_not_found(request.path));
  if (auto why = refuse_content(request))
    return respond(admin_error(415, *why));
  auto word = std::string_view{request.path}.substr(control_path.size());
  auto order = read_order(word, request.body);
  if (const auto* wrong = std::get_if<std::string>(&order))
    return respond(admin_error(400, *wrong));
  caf::anon_send(
    control_,
    control_question{std::get<control_order>(std::move(order)), respond});
}

} // namespace bulwark::detail
