#include <bulwark/admin/detail/admin_actor.hpp>
#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_guard.hpp>
#include <bulwark/admin/detail/admin_server.hpp>
#include <bulwark/caf/stop.hpp>

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
          .body_max = 1024,
          .read_timeout = 5s,
          .answer_timeout = patience,
          .write_timeout = 5s};
}

/// Who asks too much for other pages fails no probe.
bool is_probe(const http_request& request) {
  return request.path.starts_with("/health/");
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
                         emitter events) {
  asker_ = sys.spawn<admin_actor, caf::hidden>(sources, patience_, events);
  sources_ = std::move(sources);
  events_ = std::move(events);
  server_.start();
}

void admin_server::stop() {
  server_.stop();
  if (!asker_)
    return;
  caf::scoped_actor self{asker_->home_system()};
  bulwark::stop(asker_);
  self->wait_for(asker_);
  asker_ = nullptr;
  sources_ = {};
}

void admin_server::handle(http_request request,
                          const http_responder& respond) const {
  if (auto why = refuse_foreign(request))
    return respond(admin_error(403, *why));
  if (request.method != "GET" && request.method != "HEAD")
    return respond(admin_wrong_method());
  auto page = find_admin_page(request.path);
  if (!page)
    return respond(admin_not_found(request.path));
  switch (*page) {
  case admin_page::startup:
    return respond(startup_answer(sources_.node, sources_.phase()));
  case admin_page::ready:
    return respond(
      ready_answer(sources_.node, sources_.phase(), sources_.services()));
  case admin_page::health:
    return respond({.status = 200, .body = sources_.health() + '\n'});
  default:
    caf::anon_send(asker_, admin_question{*page, std::move(request), respond});
  }
}

} // namespace bulwark::detail
