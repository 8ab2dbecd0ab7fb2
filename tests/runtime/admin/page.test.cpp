// The page and what it is told: of one node, of all that are connected, and of
// those that do not answer.

#include "runtime/admin/admin_fixture.hpp"

#include <bulwark/admin/detail/node_view.hpp>
#include <bulwark/admin/detail/page_file.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/node_questions.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;

namespace {

struct page_node : admin_node {
  explicit page_node(::test::arguments more = {})
    : admin_node(std::move(more)) {
    it.bulkhead("small", {.capacity = 7});
    it.service("echo", positive_echo)
      .replicas(3)
      .restart({.initial = 1h, .max = 2h, .intensity = 4})
      .bulkhead("small")
      .breaker();
    core.start();
    REQUIRE(becomes_ready());
  }

  json ask(const std::string& path) const {
    auto reply = get(path);
    CAPTURE(path, reply.body);
    CHECK(reply.status == 200);
    return json::parse(reply.body);
  }

  void crash() {
    caf::scoped_actor self{it.system()};
    self->request(it.gate("echo"), 10s, -1)
      .receive([](int) {}, [](const caf::error&) {});
  }
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A monitor of another node.
caf::behavior other_node(caf::event_based_actor* self,
                         const std::optional<std::string>& body) {
  self->set_default_handler(caf::drop);
  return {[self, body](const detail::node_question&) {
    auto asked = self->make_response_promise<detail::node_answer>();
    if (body)
      asked.deliver(detail::node_answer{200, *body});
    return asked;
  }};
}

} // namespace

TEST_CASE("the page is what stands in its folder, and loads nothing from "
          "elsewhere",
          "[admin][page]") {
  page_node node;
  std::filesystem::path folder{std::getenv("PAGE_FILES")};
  size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator{folder}) {
    auto name = each.path().filename().string();
    CAPTURE(name);
    auto reply = node.get(name == "index.html" ? "/" : "/page/" + name);
    CHECK(reply.status == 200);
    CHECK(reply.body == text_of(each.path()));
    CHECK_THAT(std::string{reply.field("content-security-policy")},
               Contains("default-src 'none'") && !Contains("unsafe")
                 && !Contains("http"));
    CHECK(reply.field("x-content-type-options") == "nosniff");
    // Where a name of XML stands.
    if (name != "dom.js")
      CHECK_THAT(reply.body, !Contains("http:"));
    CHECK_THAT(reply.body, !Contains("https:"));
    ++files;
  }
  CHECK(files == detail::page_files.size());
  CHECK(node.get("/page/").status == 404);
  CHECK(node.get("/page/../main.js").status == 404);
}

TEST_CASE("a view has replicas with what is to come of them", "[admin][page]") {
  page_node node{{"--name=alpha"}};
  auto before = node.ask("/api/view");
  CHECK(before.at("node") == "alpha");
  CHECK(before.at("health").at("services").size() == 1);
  CHECK(before.at("supervisors").at("echo").at("total") == 3);
  CHECK(before.at("bulkheads").at(0).at("bulkhead") == "small");
  CHECK(before.at("breakers").at(0).at("state") == "closed");
  node.crash();
  json child;
  REQUIRE(admin_node::eventually([&] {
    auto view = node.ask("/api/view");
    for (const auto& each : view.at("supervisors").at("echo").at("children"))
      if (each.at("state") == "waiting")
        child = each;
    return !child.is_null();
  }));
  CHECK(child.at("restarts_left") == 3);
  CHECK(child.at("retry_in_seconds") > 60 * 40);
  CHECK(child.at("retry_in_seconds") < 60 * 75);
  CHECK(node.ask("/api/view").at("requests").at("echo").at("failed") == 1);
}

TEST_CASE("children are told in parts", "[admin][page]") {
  page_node node;
  auto part = node.ask("/api/children?service=echo&from=1&max=1");
  CHECK(part.at("total") == 3);
  CHECK(part.at("states") == json{{"up", 3}});
  REQUIRE(part.at("children").size() == 1);
  CHECK(part.at("children").at(0).at("id") == "echo#2");
  CHECK(node.ask("/api/children?service=echo&from=7").at("children").empty());
  CHECK(node.ask("/api/children").at("children").at(0).at("id") == "echo");
  CHECK(node.get("/api/children?max=501").status == 400);
  CHECK(node.get("/api/children?from=x").status == 400);
  CHECK(node.get("/api/children?service=a/b").status == 400);
  CHECK(node.get("/api/children?service=none").status == 404);
  CHECK(node.get("/api/children?service=echo&node=beta").status == 404);
}

TEST_CASE("who does not answer is named in time, and what is no JSON is not "
          "passed on",
          "[admin][page]") {
  page_node node{{"--name=alpha"}};
  auto& sys = node.it.system();
  auto join = [&](const std::string& name, std::optional<std::string> body) {
    auto who = sys.spawn<caf::hidden>(other_node, std::move(body));
    caf::anon_send(node.core.running().monitor(),
                   detail::add_peer_monitor{name, who, 1});
    return who;
  };
  auto good = join("beta", R"({"node":"beta"})");
  auto silent = join("gamma", std::nullopt);
  auto wrong = join("delta", "<html>\"}");
  auto from = now();
  auto answer = node.ask("/api/cluster");
  CHECK(now() - from < 2s);
  CHECK(answer.at("node") == "alpha");
  json named = json::array();
  for (const auto& each : answer.at("nodes"))
    named.push_back(each.at("node"));
  CHECK(named == json{"alpha", "beta"});
  json away = json::array();
  for (const auto& each : answer.at("silent"))
    away.push_back(each.at("node"));
  CHECK(away == json{"delta", "gamma"});
  CHECK(node.ask("/api/children?node=beta").at("node") == "beta");
  CHECK(node.get("/api/children?node=gamma").status == 503);
  for (const auto& each : {good, silent, wrong})
    caf::anon_send_exit(each, caf::exit_reason::kill);
}

TEST_CASE("another node may ask for the view and for children, for nothing "
          "else",
          "[admin][page]") {
  page_node node{{"--name=alpha"}};
  caf::scoped_actor self{node.it.system()};
  auto ask = [&](const std::string& path, const std::string& query) {
    detail::node_answer result;
    self
      ->request(node.core.running().monitor(), 10s,
                detail::node_question{path, query})
      .receive([&](const detail::node_answer& got) { result = got; },
               [](const caf::error&) {});
    return result;
  };
  CHECK(ask("/api/view", "").status == 200);
  CHECK(ask("/api/children", "service=echo").status == 200);
  CHECK(ask("/api/children", "max=no").status == 400);
  // What it is not for it to say: where a third node is to be asked.
  auto own = json::parse(ask("/api/children", "service=echo&node=beta").body);
  CHECK(own.at("node") == "alpha");
  for (auto path : {"/metrics", "/api/history", "/api/control/leave", ""})
    CHECK(ask(path, "").status == 404);
}
