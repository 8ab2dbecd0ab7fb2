#include "support/process.hpp"
#include "temp_folder.hpp"

#include <bulwark/http/client.hpp>
#include <bulwark/options/host_port.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdlib.h>

#include <algorithm>

#include <signal.h>

using namespace std::chrono_literals;
using nlohmann::json;
using storefront::test::temp_folder;

namespace {

using arguments = std::vector<std::string>;

/// One node with all services, and ways to talk to it.
class shop {
public:
  explicit shop(const temp_folder& folder, const arguments& more = {})
    : process_(test::program("STOREFRONT"), with_defaults(folder, more)) {
    auto started = process_.wait_for_line("node_started");
    auto where = bulwark::parse_host_port(test::field_of(started, "http"));
    port_ = where.value().port;
  }

  static arguments with_defaults(const temp_folder& folder,
                                 const arguments& more) {
    arguments result{"--data", folder.path().string()};
    result.insert(result.end(), more.begin(), more.end());
    // What is said once may not be said again.
    for (auto [option, value] :
         {std::pair{"--name", "alpha"}, std::pair{"--http", "127.0.0.1:0"}})
      if (std::find(more.begin(), more.end(), option) == more.end())
        result.insert(result.end(), {option, value});
    return result;
  }

  bulwark::http_reply request(const char* method, const std::string& target,
                              const json& body = json::object(),
                              const std::string& id = "") {
    return bulwark::http_client{"127.0.0.1", port_}.request(
      method, target, body.dump(), 15s, {{"X-Request-Id", id}});
  }

  std::string log_in() {
    auto reply = request("POST", "/api/user_authentication",
                         {{"action", "login"},
                          {"user", "customer01"},
                          {"password", "secret-customer01"}});
    return json::parse(reply.body).at("token").get<std::string>();
  }

  /// Places an order; the answer's body, with its status as "code".
  json order(const std::string& token, const std::string& id) {
    auto reply = request("POST", "/api/order_management",
                         {{"token", token},
                          {"card", "4242424242424242"},
                          {"items", {{{"product_id", 7}, {"quantity", 2}}}}},
                         id);
    auto body = json::parse(reply.body);
    body["code"] = reply.status;
    return body;
  }

  test::process& process() { return process_; }
  uint16_t port() const { return port_; }

private:
  test::process process_;
  uint16_t port_ = 0;
};

/// The exit code and the last line of a node that cannot start.
std::pair<int, std::string> refused(const temp_folder& folder,
                                    const arguments& more) {
  test::process node{test::program("STOREFRONT"),
                     shop::with_defaults(folder, more)};
  auto code = node.wait_exit();
  REQUIRE(node.lines().size() == 1);
  return {code, node.lines().back()};
}

} // namespace

TEST_CASE("one node takes orders, degraded while the partner is away",
          "[program]") {
  temp_folder folder;
  // Nobody listens on port 1.
  shop node{folder, {"--partner", "127.0.0.1:1"}};
  auto order = node.order(node.log_in(), "r1");
  CHECK(order["code"] == 200);
  CHECK(order["status"] == "success");
  CHECK(order["degraded"] == json{"third_party_apis"});
  CHECK(node.request("POST", "/chaos/crash?service=product_catalog").status
        == 404);
  auto health = json::parse(node.request("GET", "/health").body);
  CHECK(health["status"] == "up");
  CHECK(health["journal"] == "working");
}

TEST_CASE("the health of a node tells that it has no journal", "[program]") {
  temp_folder folder;
  shop node{folder, {"--journal", "off"}};
  CHECK(json::parse(node.request("GET", "/health").body)["journal"] == "off");
}

TEST_CASE("a partner completes the order", "[program]") {
  temp_folder folder;
  test::process partner{test::program("PARTNER"), {"127.0.0.1:0"}};
  auto line = partner.wait_for_line("partner listens on ");
  shop node{folder, {"--partner", line.substr(line.rfind(' ') + 1)}};
  auto order = node.order(node.log_in(), "r1");
  CHECK(order["code"] == 200);
  CHECK(order.contains("tracking"));
  CHECK_FALSE(order.contains("degraded"));
}

TEST_CASE("a service that crashes serves the next request", "[program]") {
  temp_folder folder;
  shop node{folder, {"--chaos"}};
  json body{{"action", "get"}, {"product_id", 7}};
  CHECK(node.request("POST", "/chaos/crash?service=product_catalog").status
        == 200);
  CHECK(node.request("POST", "/api/product_catalog", body).status == 200);
  node.process().wait_for_line("child_restarted");
}

TEST_CASE("orders and sessions outlive a kill of the node", "[program]") {
  temp_folder folder;
  std::string token;
  json first;
  {
    shop node{folder};
    token = node.log_in();
    first = node.order(token, "r1");
    node.process().signal(SIGKILL);
    CHECK(node.process().wait_exit() == 128 + SIGKILL);
  }
  shop again{folder};
  auto second = again.order(token, "r1");
  CHECK(second["code"] == 200);
  CHECK(second["order_id"] == first["order_id"]);
  CHECK(second["payment_id"] == first["payment_id"]);
  CHECK(again.order(token, "r2")["order_id"] != first["order_id"]);
}

TEST_CASE("a node that drains is not ready, and still serves", "[program]") {
  temp_folder folder;
  shop node{folder, {"--drain", "3s"}};
  CHECK(node.request("GET", "/health/ready").status == 200);
  node.process().signal(SIGTERM);
  node.process().wait_for_line("node_draining");
  CHECK(node.request("GET", "/health/ready").status == 503);
  CHECK(node.request("GET", "/health/live").status == 200);
  json body{{"action", "get"}, {"product_id", 7}};
  CHECK(node.request("POST", "/api/product_catalog", body).status == 200);
  CHECK_FALSE(node.process().has_line("child_stopped"));
  CHECK(node.process().wait_exit() == 0);
}

TEST_CASE("a node that drains tells clients to go elsewhere", "[program]") {
  temp_folder folder;
  shop node{folder, {"--drain", "3s"}};
  bulwark::http_client kept{"127.0.0.1", node.port()};
  auto ask = [&] { return kept.request("GET", "/health/live", "", 5s); };
  CHECK(ask().field("connection").empty());
  node.process().signal(SIGTERM);
  node.process().wait_for_line("node_draining");
  // The line comes just before the front is told. A node that never tells its
  // clients ends after the drain, and the next request is refused.
  auto reply = ask();
  while (reply.field("connection").empty())
    reply = ask();
  CHECK(reply.status == 200);
  CHECK(reply.field("connection") == "close");
  CHECK(node.process().wait_exit() == 0);
}

TEST_CASE("what a node cannot start with is said in one line", "[program]") {
  temp_folder folder;
  temp_folder other;
  shop node{folder};
  auto taken = "127.0.0.1:" + std::to_string(node.port());
  auto [code, text] = refused(folder, {"--name", "beta"});
  CHECK(code == 64);
  CHECK_THAT(text, Catch::Matchers::Contains("is in use by node alpha"));
  CHECK(refused(other, {"--http", taken})
        == std::pair<int, std::string>{69, "storefront: cannot listen on "
                                             + taken
                                             + ": Address already in use"});
  CHECK(refused(other, {"--services", "product_catalog,unknown"})
        == std::pair<int, std::string>{
          64, "storefront: --services: there is no service 'unknown'"});
  CHECK(refused(other, {"--http", "nowhere"})
        == std::pair<int, std::string>{
          64, "storefront: --http is \"nowhere\"; it must be HOST:PORT, "
              "such as 127.0.0.1:7000 or [::1]:7000"});
}
