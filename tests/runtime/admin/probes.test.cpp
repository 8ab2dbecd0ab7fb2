// What an orchestrator is told, while a node starts, serves, lacks a service,
// hangs and drains.

#include "runtime/admin/admin_fixture.hpp"
#include "support/closed_door.hpp"

#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/admin_server.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <deque>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;
using Catch::Contains;
using detail::node_phase;

namespace {

int status_at(const admin_node& node, const std::string& path) {
  return node.get(path).status;
}

/// Takes every message and answers none.
caf::behavior silence(caf::event_based_actor* self) {
  self->set_default_handler(caf::skip);
  return {[](::test::closed_door*) {}};
}

/// An actor system with actors that pass for a node's own.
struct own_actors {
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::actor silent = system.spawn(silence);
  running_monitor monitor = spawn_monitor(system, monitor_of_alpha());
  std::atomic<node_phase> phase{node_phase::serving};

  static monitor_options monitor_of_alpha() {
    monitor_options result;
    result.node = "alpha";
    result.now = [] { return wall_time{}; };
    return result;
  }

  ~own_actors() {
    caf::anon_send_exit(silent, caf::exit_reason::kill);
    stop(monitor.handle);
  }

  detail::admin_sources sources(caf::actor asked, caf::actor root) {
    return {.node = "alpha",
            .cluster = "shop",
            .monitor = std::move(asked),
            .root = std::move(root),
            .phase = [this] { return phase.load(); },
            .supervisor = [](const std::string&) { return caf::actor{}; },
            .services = [] { return std::vector<gate_status>{}; },
            .requests = [] { return std::vector<detail::service_requests>{}; },
            .breakers = [] { return std::vector<detail::breaker_figures>{}; },
            .bulkheads = [] { return std::vector<bulkhead_stats>{}; },
            .journal = [] { return detail::journal_figures{}; },
            .members = [] { return std::vector<cluster_member>{}; },
            .now = [] { return time_point{}; },
            .health = []() -> std::string { return "{}"; }};
  }
};

http_reply ask(uint16_t port, const std::string& path) {
  http_client client{"127.0.0.1", port};
  return client.request("GET", path, "", patience);
}

} // namespace

TEST_CASE("a node that starts is live, and neither started nor ready",
          "[admin]") {
  admin_node node;
  node.it.service("echo", positive_echo);
  std::string ready;
  node.it.on_start([&] {
    CHECK(status_at(node, "/health/live") == 200);
    CHECK(status_at(node, "/health/startup") == 503);
    auto reply = node.get("/health/ready");
    CHECK(reply.status == 503);
    ready = reply.body;
  });
  node.core.start();
  CHECK_THAT(ready, Contains(R"("ready":false,"phase":"starting")"));
  CHECK(status_at(node, "/health/startup") == 200);
  CHECK(node.becomes_ready());
}

TEST_CASE("a node that drains is live and not ready", "[admin]") {
  admin_node node;
  node.it.service("echo", positive_echo);
  node.core.start();
  REQUIRE(node.becomes_ready());
  node.core.drain(true);
  CHECK(status_at(node, "/health/live") == 200);
  CHECK(status_at(node, "/health/startup") == 200);
  auto reply = node.get("/health/ready");
  CHECK(reply.status == 503);
  CHECK_THAT(reply.body, Contains(R"("phase":"draining")"));
}

TEST_CASE("a node is not ready for want of its own services, by name",
          "[admin]") {
  admin_node node;
  node.it.service("echo", positive_echo).uses_optional("elsewhere");
  node.it.service("slow", positive_echo).reports_ready();
  node.core.start();
  // The one that lives elsewhere is no reason.
  CHECK(admin_node::eventually([&] {
    auto reply = node.get("/health/ready");
    return reply.status == 503
           && reply.body
                == R"({"node":"node","ready":false,"phase":"serving",)"
                   R"("not_up":["slow"]})"
                   "\n";
  }));
  CHECK(status_at(node, "/health/live") == 200);
}

TEST_CASE("ready is told of services by their state", "[admin]") {
  auto answer = [](service_state state, size_t replicas) {
    gate_status it;
    it.service = "a";
    it.state = state;
    it.replicas = replicas;
    return detail::ready_answer("n", node_phase::serving, {it}).status;
  };
  CHECK(answer(service_state::up, 1) == 200);
  for (auto down : {service_state::restarting, service_state::failed,
                    service_state::unreachable, service_state::stopped}) {
    CHECK(answer(down, 1) == 503);
    CHECK(answer(down, 0) == 200);
  }
}

TEST_CASE("a node whose services hold every thread is live, and tells so",
          "[admin]") {
  ::test::closed_door door;
  admin_node node{{"--caf.scheduler.max-threads=1"}};
  node.it.service("stuck", [&door](caf::event_based_actor*) -> caf::behavior {
    return {[&door](int x) {
      door.wait();
      return x;
    }};
  });
  node.core.start();
  REQUIRE(node.becomes_ready());
  caf::anon_send(node.it.gate("stuck"), 1);
  CHECK(door.await(1));
  for (auto path : {"/health/live", "/health/ready", "/health/startup",
                    "/api/health", "/api/events", "/api/report", "/metrics"}) {
    CAPTURE(path);
    CHECK(status_at(node, path) == 200);
  }
  door.release();
}

TEST_CASE("a node is not live whose own actors are silent", "[admin]") {
  own_actors actors;
  auto silent = GENERATE(as<std::string>{}, "monitor", "root");
  CAPTURE(silent);
  detail::admin_server server{50ms};
  auto port = server.listen({"127.0.0.1", 0});
  auto asked = silent == "monitor" ? actors.silent : actors.monitor.handle;
  server.start(actors.system, actors.sources(asked, actors.silent), {}, {});
  CHECK(ask(port, "/health/live").status == 503);
  // Who asks for more of a silent monitor is not kept waiting either.
  auto expected = silent == "monitor" ? 503 : 200;
  CHECK(ask(port, "/api/events").status == expected);
  CHECK(ask(port, "/api/report").status == expected);
  CHECK(ask(port, "/metrics").status == expected);
  CHECK(ask(port, "/health/startup").status == 200);
}

TEST_CASE("who asks too much for other pages fails no probe", "[admin]") {
  own_actors actors;
  detail::admin_server server{10s};
  auto port = server.listen({"127.0.0.1", 0});
  server.start(actors.system,
               actors.sources(actors.silent, actors.monitor.handle), {}, {});
  std::deque<raw_client> many;
  for (int i = 0; i < 30; ++i) {
    many.emplace_back(port);
    many.back().send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  CHECK(ask(port, "/health/startup").status == 200);
}

TEST_CASE("a root that ends while the node drains is no hang", "[admin]") {
  own_actors actors;
  auto gone = actors.system.spawn([] {});
  caf::scoped_actor self{actors.system};
  self->wait_for(gone);
  detail::admin_server server;
  auto port = server.listen({"127.0.0.1", 0});
  server.start(actors.system, actors.sources(actors.monitor.handle, gone), {},
               {});
  auto reply = ask(port, "/health/live");
  CHECK(reply.status == 503);
  CHECK_THAT(reply.body, Contains(R"("silent":"root supervisor")"));
  actors.phase = node_phase::draining;
  CHECK(ask(port, "/health/live").status == 200);
}
