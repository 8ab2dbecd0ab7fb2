// A shop of seven services over HTTP and SQLite. Alone it runs all of them;
// with --services, --listen and --join several of it share them.

#include "api/messages.hpp"
#include "front/front.hpp"
#include "front/health.hpp"
#include "services/declare.hpp"
#include "services/names.hpp"

#include <bulwark/node/run.hpp>

namespace {

using namespace storefront;
using bulwark::host_port;

bulwark::application about() {
  bulwark::application app;
  app.name = "storefront";
  app.options
    .value<std::string>("services", "all",
                        "the services of this node, with commas between them")
    .value<host_port>("http", {"127.0.0.1", 8080}, "HOST:PORT to serve HTTP at")
    .value<host_port>("partner", {"127.0.0.1", 9090},
                      "HOST:PORT of the partner's server");
  return app;
}

std::shared_ptr<front> make_front(bulwark::node& node, bool chaos) {
  front_setup setup;
  for (auto name : service_names)
    setup.gates.emplace(name, node.gate(std::string{name}));
  setup.draining = [&node] { return node.draining(); };
  setup.health = [&node] { return health_json(node.health()); };
  setup.chaos = chaos;
  setup.report = [&node](const std::string& fault) {
    bulwark::event told;
    told.kind = bulwark::event_kind::message_failed;
    told.level = bulwark::severity::medium;
    told.component = "http";
    told.reason = fault;
    node.events().emit(std::move(told));
  };
  return std::make_shared<front>(std::move(setup));
}

void set_up(bulwark::node& node) {
  node.message_type<api_call>("storefront.api_call")
    .message_type<api_reply>("storefront.api_reply")
    .message_type<chaos_crash>("storefront.chaos_crash");
  bool chaos = node.chaos();
  declare_services(node, {parse_services(node.option<std::string>("services")),
                          node.option<host_port>("partner"), chaos});
  auto where = node.option<host_port>("http");
  auto served = make_front(node, chaos);
  // Taken now, so that nothing is started when the port is in use.
  where.port = served->listen(where);
  node.announce("http", to_string(where));
  node.on_start([&node, served] { served->start(node.system()); });
  node.on_drain([served] { served->drain(); });
  node.on_stop([served] { served->stop(std::chrono::seconds{2}); });
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, about(), set_up);
}
