// Changes of a node that runs: each does what it says, or says why not and
// changes nothing.

#include "runtime/admin/steered_fixture.hpp"

#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string refusal(const http_reply& reply) {
  return json::parse(reply.body).at("error").get<std::string>();
}

json applied(const http_reply& reply) {
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  auto result = json::parse(reply.body);
  CHECK(result.at("state") == "applied");
  return result;
}

/// One number to echo; -1 where the answer is an error.
int ask(steered_node& s) {
  caf::scoped_actor self{s.node.it.system()};
  int result = -1;
  self->request(s.node.it.gate("echo"), 10s, 7)
    .receive([&](int x) { result = x; }, [](const caf::error&) {});
  return result;
}

} // namespace

TEST_CASE("a bulkhead is isolated, drained and opened again", "[admin]") {
  steered_node s;
  CHECK(ask(s) == 7);
  auto first = applied(s.post(
    "isolate",
    {{"bulkhead", "api"}, {"who", "ada"}, {"reason", "partner is slow"}}));
  CHECK(first.at("id") == 1);
  CHECK(first.at("who") == "ada");
  CHECK(first.at("fields")
        == json::parse(R"([{"field":"bulkhead.api.isolation","from":"none",
                            "to":"all"}])"));
  CHECK(ask(s) == -1);
  applied(s.post("drain", {{"bulkhead", "api"}}));
  // It is empty, and so has drained at once.
  CHECK(s.value("bulkhead.api.isolation") == "all");
  applied(s.post("undo", {{"id", 2}}));
  applied(s.post("reopen", {{"bulkhead", "api"}}));
  CHECK(ask(s) == 7);
  applied(s.post("isolate", {{"bulkhead", "api"}, {"level", "background"}}));
  CHECK(ask(s) == 7);
  CHECK(admin_node::eventually([&] { return s.changes_told().size() == 5; }));
  auto told = s.changes_told().front();
  CHECK(told.at("reason") == "partner is slow");
  CHECK(told.at("severity") == "info");
  CHECK(told.at("metadata")
        == json::parse(R"({"id":"1","who":"ada","what":"isolate",
                           "from":"bulkhead.api.isolation=none",
                           "to":"bulkhead.api.isolation=all"})"));
}

TEST_CASE("the number of replicas is changed and taken back", "[admin]") {
  steered_node s;
  CHECK(s.value("service.echo.replicas") == "2");
  auto id =
    applied(s.post("scale", {{"service", "echo"}, {"replicas", 5}})).at("id");
  CHECK(s.value("service.echo.replicas") == "5");
  CHECK(ask(s) == 7);
  auto undone = applied(s.post("undo", {{"id", id}}));
  CHECK(undone.at("undoes") == id);
  CHECK(s.value("service.echo.replicas") == "2");
  CHECK(refusal(s.post("undo", {{"id", id}}))
        == "change 1 is undone; it must be applied");
}

TEST_CASE("a refusal names field, value and rule and changes nothing",
          "[admin]") {
  steered_node s;
  auto before = s.get("/api/settings");
  auto refused = [&](const char* word, const json& order, int status,
                     const std::string& words) {
    CAPTURE(word, order.dump());
    auto reply = s.post(word, order);
    CHECK(reply.status == status);
    CHECK_THAT(refusal(reply), Catch::Contains(words));
    CHECK(s.get("/api/settings") == before);
  };
  refused("isolate", {{"bulkhead", "apis"}}, 400,
          "did you mean bulkhead.api.isolation?");
  refused("isolate", {{"bulkhead", "api"}, {"level", "none"}}, 400,
          "level is \"none\"; it must be background, normal or all");
  refused("isolate", json::object(), 400, "bulkhead is missing");
  refused("isolate", {{"bulkhead", "api"}, {"lvl", "all"}}, 400,
          "there is no key \"lvl\"");
  refused("isolate", {{"bulkhead", "api"}, {"for", "soon"}}, 400,
          "for is \"soon\"; a duration is");
  refused("isolate", {{"bulkhead", "api"}, {"for", "1ms"}}, 400, "for is 1ms");
  refused("isolate", {{"bulkhead", 1.5}}, 400,
          "bulkhead must be a text or a whole number");
  refused("isolate", json::array(), 400, "must be an object of JSON");
  refused("scale", {{"service", "echo"}, {"replicas", 65}}, 400,
          "service.echo.replicas: scale_children.count is 65; it must be at "
          "least 1 and at most 64");
  refused("scale", {{"service", "echo"}, {"replicas", 0}}, 400,
          "service.echo.replicas is \"0\"; it must be a whole number");
  refused("restart", {{"child", "nobody#1"}}, 404, "child is nobody#1");
  refused("restart", {{"child", "echo#9"}}, 404, "echo#9");
  refused("restart", {{"child", "echo#1"}, {"for", "10m"}}, 400,
          "restart cannot be taken back");
  refused("undo", {{"id", 99}}, 409, "there is no change 99");
  refused("undo", {{"id", "1"}}, 400, "id must be the number of a change");
  refused("set", {{"fields", json::object()}}, 400, "no field is given");
  refused("set", {{"fields", {{"breaker.guarded.state", "open"}}}}, 400,
          "it must be closed, forced_open, disabled or metrics_only");
  CHECK(s.changes_told().empty());
}

TEST_CASE("several fields are set together, or none of them", "[admin]") {
  steered_node s;
  auto set = [&](const json& fields) {
    return s.post("set", {{"fields", fields}});
  };
  auto id = applied(set({{"bulkhead.api.capacity", 30},
                         {"bulkhead.api.reserved_for_critical", "20"},
                         {"bulkheads.monitoring", "off"},
                         {"breaker.guarded.state", "forced_open"},
                         {"log.level", "crit"}}))
              .at("id");
  CHECK(s.value("bulkhead.api.capacity") == "30");
  CHECK(s.value("bulkhead.api.reserved_for_critical") == "20");
  CHECK(s.value("bulkheads.monitoring") == "off");
  CHECK(s.value("breaker.guarded.state") == "forced_open");
  CHECK(s.value("log.level") == "crit");
  auto before = s.get("/api/settings");
  // The breaker is set before the bulkhead refuses, and set back.
  auto refused =
    set({{"breaker.guarded.state", "disabled"}, {"bulkhead.api.capacity", 20}});
  CHECK(refused.status == 400);
  CHECK_THAT(refusal(refused), Catch::StartsWith("bulkhead.api: "));
  CHECK(s.get("/api/settings") == before);
  applied(s.post("undo", {{"id", id}}));
  CHECK(s.value("bulkhead.api.capacity") == "10");
  CHECK(s.value("bulkhead.api.reserved_for_critical") == "0");
  CHECK(s.value("bulkheads.monitoring") == "on");
  CHECK(s.value("breaker.guarded.state") == "closed");
  CHECK(s.value("log.level") == "error");
  auto all = s.get("/api/history").at("changes");
  REQUIRE(all.size() == 3);
  CHECK(all[0].at("state") == "undone");
  CHECK(all[1].at("state") == "failed");
  CHECK(all[2].at("state") == "applied");
}

TEST_CASE("a replica and a service are started anew", "[admin]") {
  steered_node s;
  auto incarnation = [&] {
    auto tree = s.get("/api/tree");
    for (const auto& each : tree.at("children"))
      if (each.at("id") == "echo")
        return each.at("children").at(0).at("incarnation").get<int>();
    return 0;
  };
  CHECK(incarnation() == 1);
  applied(s.post("restart", {{"child", "echo#1"}}));
  CHECK(incarnation() == 2);
  applied(s.post("restart", {{"child", "echo"}}));
  CHECK(s.node.becomes_ready());
  CHECK(ask(s) == 7);
}

TEST_CASE("a change takes itself back after its time", "[admin]") {
  steered_node s;
  auto told = applied(s.post(
    "set", {{"fields", {{"bulkhead.api.capacity", 30}}}, {"for", "1s"}}));
  CHECK(told.contains("until"));
  CHECK(s.value("bulkhead.api.capacity") == "30");
  CHECK(admin_node::eventually(
    [&] { return s.value("bulkhead.api.capacity") == "10"; }));
  // It is noted once the bulkhead has answered.
  CHECK(admin_node::eventually([&] {
    return s.get("/api/history").at("changes").at(0).at("state") == "expired";
  }));
  CHECK(admin_node::eventually([&] { return s.changes_told().size() == 2; }));
}

TEST_CASE("a node leaves when it is told to", "[admin]") {
  std::atomic<bool> woken{false};
  ::test::temp_folder folder;
  auto given =
    ::test::read({"--admin=127.0.0.1:0", "--name=alpha", "--journal=off",
                  "--data=" + folder.path().string()});
  detail::node_core core{std::move(given), [&] { woken = true; }};
  core.start();
  auto file = json::parse(text_in(folder.path() / "alpha.admin"));
  auto where = parse_host_port(file.at("admin").get<std::string>()).value();
  http_client client{where.host, where.port};
  auto reply = client.request(
    "POST", "/api/control/leave", "{}", patience,
    {{"Content-Type", "application/json"},
     {"Authorization", "Bearer " + file.at("token").get<std::string>()}});
  CHECK(reply.status == 200);
  CHECK(admin_node::eventually([&] { return woken.load(); }));
  core.stop();
}
