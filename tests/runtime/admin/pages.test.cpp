// What a node tells over a real socket, and to whom it tells nothing.

#include "runtime/admin/admin_fixture.hpp"

#include <bulwark/admin/detail/admin_page.hpp>
#include <bulwark/options/listen_error.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;

namespace {

std::string request_with(const std::string& method, const std::string& path,
                         const std::string& fields) {
  return method + " " + path + " HTTP/1.1\r\n" + fields + "\r\n";
}

const std::string own_host = "Host: 127.0.0.1\r\n";

struct echo_node : admin_node {
  explicit echo_node(::test::arguments more = {})
    : admin_node(std::move(more)) {
    it.service("echo", positive_echo).uses_optional("elsewhere");
    core.start();
    REQUIRE(becomes_ready());
  }
};

} // namespace

TEST_CASE("a node tells of its services as JSON", "[admin]") {
  echo_node node{{"--name=alpha"}};
  auto reply = node.get("/api/health");
  CHECK(reply.status == 200);
  CHECK(reply.field("content-type") == "application/json");
  CHECK(json::parse(reply.body)
        == json::parse(R"({"node":"alpha","phase":"serving","journal":"off",
             "services":[{"service":"echo","state":"up","where":"here",
               "replicas_up":1,"replicas":1,"peers_up":0,"in_flight":0,
               "waiting":0,"required_down":[],"optional_down":["elsewhere"]},
              {"service":"elsewhere","state":"unreachable","where":"elsewhere",
               "replicas_up":0,"replicas":0,"peers_up":0,"in_flight":0,
               "waiting":0,"required_down":[],"optional_down":[]}]})"));
}

TEST_CASE("a node tells its latest events, as many as are asked for",
          "[admin]") {
  echo_node node{{"--name=alpha"}};
  auto events = [&](const std::string& query) {
    return json::parse(node.get("/api/events" + query).body).at("events");
  };
  auto told = [&](const std::string& kind, const std::string& component) {
    for (const auto& each : events(""))
      if (each.at("event") == kind && each.at("component") == component)
        return true;
    return false;
  };
  CHECK(admin_node::eventually(
    [&] { return told("child_started", "/root/echo/echo#1"); }));
  CHECK(
    admin_node::eventually([&] { return told("node_started", "node/alpha"); }));
  auto last = events("?max=2&node=alpha");
  REQUIRE(last.size() == 2);
  CHECK(last[0].at("sequence") < last[1].at("sequence"));
  CHECK(events("?node=beta").empty());
  auto refused = node.get("/api/events?max=0");
  CHECK(refused.status == 400);
  CHECK_THAT(refused.body, Contains(R"(max is \"0\"; it must be)"));
}

TEST_CASE("a node tells the report of the cluster", "[admin]") {
  echo_node node{{"--name=alpha"}};
  json report;
  CHECK(admin_node::eventually([&] {
    auto reply = node.get("/api/report?window=2h&component=service/*");
    report = json::parse(reply.body);
    return report.at("component_analysis").contains("service/echo");
  }));
  CHECK(report.at("window") == "2h");
  CHECK(report.at("component_analysis").size() == 1);
  CHECK(node.get("/api/report?window=soon").status == 400);
  auto longest = node.get("/api/report?component=" + std::string(1025, 'x'));
  CHECK(longest.status == 400);
  CHECK_THAT(longest.body, Contains("it must have at most 1024"));
}

TEST_CASE("HEAD is GET without a body", "[admin]") {
  echo_node node;
  for (const auto& each : detail::admin_paths) {
    CAPTURE(each.path);
    raw_client client{node.port()};
    client.send(request_with("HEAD", std::string{each.path},
                             own_host + "Connection: close\r\n"));
    auto head = client.head();
    CHECK(head.status == 200);
    CHECK(head.field("content-length") != "0");
    CHECK(client.closed());
  }
}

TEST_CASE("there are three methods", "[admin]") {
  echo_node node;
  for (auto method :
       {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "GETS"}) {
    CAPTURE(method);
    auto reply = node.send(request_with(method, "/api/health", own_host));
    CHECK(reply.status == 405);
    CHECK(reply.field("allow") == "GET, HEAD, POST");
  }
}

TEST_CASE("an unknown path is answered with what there is", "[admin]") {
  echo_node node;
  for (auto path : {"/metrics/", "/health", "/api", "//metrics", "/%6detrics",
                    "/../metrics"}) {
    CAPTURE(path);
    auto reply = node.get(path);
    CHECK(reply.status == 404);
    auto body = json::parse(reply.body);
    CHECK(body.at("paths").size() == detail::admin_paths.size() + 2);
    CHECK(body.at("paths").back() == "/metrics");
  }
}

TEST_CASE("a page of another host reads nothing", "[admin]") {
  echo_node node;
  for (const auto& each : detail::admin_paths) {
    std::string path{each.path};
    CAPTURE(path);
    CHECK(node.send(request_with("GET", path, "Host: evil.example\r\n")).status
          == 403);
    CHECK(node
            .send(request_with("GET", path,
                               own_host + "Origin: http://evil.example\r\n"))
            .status
          == 403);
    CHECK(node
            .send(request_with("GET", path,
                               own_host + "Origin: http://127.0.0.1\r\n"))
            .status
          == 200);
  }
  // Before anything else is looked at.
  CHECK(
    node.send(request_with("POST", "/none", "Host: evil.example\r\n")).status
    == 403);
}

TEST_CASE("a port in use is told before anything is started", "[admin]") {
  echo_node first;
  auto taken = "127.0.0.1:" + std::to_string(first.port());
  auto given = ::test::read({"--admin=" + taken});
  detail::node_core second{std::move(given), [] {}};
  bulwark::node facade{second};
  bool started = false;
  facade.service("echo", [&started](caf::event_based_actor*) -> caf::behavior {
    started = true;
    return {[](int x) { return x; }};
  });
  CHECK_THROWS_WITH(second.start(),
                    "cannot listen on " + taken + ": Address already in use");
  second.stop();
  CHECK_FALSE(started);
}

TEST_CASE("a node without the option listens nowhere", "[admin]") {
  detail::node_core core{::test::read({}), [] {}};
  bulwark::node facade{core};
  facade.service("echo", positive_echo);
  core.start();
  for (const auto& [key, value] : core.announcements)
    CHECK(key != "admin");
  core.stop();
}

TEST_CASE("a name of this machine leads to no other one", "[admin]") {
  detail::node_core core{::test::read({"--admin=localhost:0"}), [] {}};
  core.start();
  std::string announced;
  for (const auto& [key, value] : core.announcements)
    announced = key == "admin" ? value : announced;
  auto port = parse_host_port(announced).value().port;
  http_client client{"127.0.0.1", port};
  CHECK(client.request("GET", "/health/startup", "", patience).status == 200);
  core.stop();
}
