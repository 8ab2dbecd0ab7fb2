#include "front/front.hpp"

#include "front/answer.hpp"
#include "front/front_actor.hpp"
#include "services/compartments.hpp"

#include <bulwark/rate/client_key.hpp>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

namespace storefront {

namespace {

/// Pages that no compartment is asked for.
constexpr size_t pages_max = 64;

/// A full compartment turns its own customers away; the server none of its
/// neighbours'.
bulwark::http_limits limits() {
  bulwark::http_limits result;
  result.requests_max = requests_in_compartments() + pages_max;
  return result;
}

} // namespace

front::front(front_setup setup)
  : setup_(std::move(setup)),
    server_(
      limits(),
      [this](const bulwark::http_request& request,
             const bulwark::http_responder& respond) {
        handle(request, respond);
      },
      {.errors =
         [](int status, std::string_view text, std::string_view path) {
           return error_response(status, text, path).body;
         },
       .exempt = [this](const bulwark::http_request& x) { return is_page(x); },
       .report = setup_.report}) {}

uint16_t front::listen(const bulwark::host_port& where) {
  return server_.listen(where.host, where.port);
}

void front::start(caf::actor_system& sys) {
  bridge_ = sys.spawn<caf::hidden>(front_actor);
  server_.start();
}

void front::drain() {
  server_.drain();
}

void front::stop(bulwark::duration grace) {
  server_.stop(grace);
  caf::anon_send_exit(bridge_, caf::exit_reason::user_shutdown);
  bridge_ = nullptr;
}

void front::handle(const bulwark::http_request& request,
                   const bulwark::http_responder& respond) const {
  auto received = std::chrono::steady_clock::now();
  auto asked =
    find_route(request.method, request.path, request.query, setup_.chaos);
  if (asked.to != page::api && asked.to != page::crash)
    return respond(answer_page(asked));
  front_job job{asked.service, setup_.gates.at(asked.service), respond,
                received, bulwark::client_key(request.client_address)};
  if (asked.to == page::crash)
    return caf::anon_send(bridge_, front_crash{std::move(job)});
  caf::anon_send(
    bridge_, front_call{std::move(job), {request.body, request.request_id}});
}

bool front::is_page(const bulwark::http_request& request) const {
  auto asked =
    find_route(request.method, request.path, request.query, setup_.chaos).to;
  return asked != page::api && asked != page::crash;
}

bulwark::http_response front::answer_page(const route& asked) const {
  switch (asked.to) {
  case page::health:
    return {.status = 200, .body = setup_.health()};
  case page::live:
    return {.status = 200, .body = R"({"status":"live"})"};
  case page::ready:
    if (setup_.draining())
      return error_response(503, "the node is draining");
    return {.status = 200, .body = R"({"status":"ready"})"};
  case page::wrong_method:
    return wrong_method_response(asked.allow);
  default:
    return error_response(404, "no such page or service");
  }
}

} // namespace storefront
