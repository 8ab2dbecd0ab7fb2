// A whole node, because what shares its logins out is spread over the front,
// the gate and the compartments, and clients are told from each other by where
// their connections come from.
//
// One client that logged in again and again took all of the compartment that
// logins and the verification of orders work in: nobody else could log in.
#include "support/http_from.hpp"
#include "support/process.hpp"
#include "temp_folder.hpp"

#include <bulwark/options/host_port.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <list>

using nlohmann::json;
using storefront::test::temp_folder;

namespace {

const std::string flooder = "127.0.0.2";
const std::string other = "127.0.0.3";

std::string login_of(const std::string& user) {
  return json{
    {"action", "login"}, {"user", user}, {"password", "secret-" + user}}
    .dump();
}

class shop {
public:
  test::http_answer ask(const std::string& from, const std::string& service,
                        const std::string& body) const {
    return test::http_from(from, port_, "POST", "/api/" + service, body);
  }

  test::http_answer log_in(const std::string& from) const {
    return ask(from, "user_authentication", login_of("customer01"));
  }

  /// Sends logins until one is refused, at most 400; returns the last answer.
  /// They have no password to be hashed, so that they come within a moment.
  test::http_answer flood(const std::string& from) const {
    test::http_answer result;
    for (int i = 0; i < 400 && result.status != 429; ++i)
      result = ask(from, "user_authentication", R"({"action":"login"})");
    return result;
  }

  test::http_answer order(const std::string& from,
                          const test::http_answer& login) const {
    return ask(from, "order_management",
               json{{"token", json::parse(login.body).at("token")},
                    {"card", "4242424242424242"},
                    {"items", {{{"product_id", 7}, {"quantity", 1}}}}}
                 .dump());
  }

  test::http_answer pay(const std::string& from) const {
    return ask(from, "payment_processing",
               json{{"action", "charge"},
                    {"amount_cents", 100},
                    {"user", "customer01"},
                    {"card", "4242424242424242"}}
                 .dump());
  }

  uint16_t port() const { return port_; }

private:
  temp_folder folder_;
  test::process process_{test::program("STOREFRONT"),
                         {"--name", "alpha", "--http", "127.0.0.1:0", "--data",
                          folder_.path().string()}};
  uint16_t port_ =
    bulwark::parse_host_port(
      test::field_of(process_.wait_for_line("node_started"), "http"))
      .value()
      .port;
};

} // namespace

TEST_CASE("a client that logs in too often is told so, and nobody else",
          "[program][logins]") {
  shop node;
  auto login = node.log_in(flooder);
  REQUIRE(login.status == 200);
  auto refused = node.flood(flooder);
  CHECK(refused.status == 429);
  CHECK(refused.head.find("Retry-After: 1") != std::string::npos);
  CHECK(node.log_in(other).status == 200);
  // The shop asks by itself who a customer is: that is nobody's login.
  CHECK(node.flood(flooder).status == 429);
  CHECK(node.order(flooder, login).status == 200);
  CHECK(node.flood(flooder).status == 429);
  CHECK(node.pay(flooder).status == 200);
}

TEST_CASE("logins of one client leave room for another's, orders and payments",
          "[program][logins]") {
  shop node;
  auto login = node.log_in(other);
  REQUIRE(login.status == 200);
  // More than the compartment holds, and ten seconds' work for its service.
  std::list<test::request_from> flood;
  for (int i = 0; i < 300; ++i)
    flood.emplace_back(flooder, node.port(), "POST", "/api/user_authentication",
                       login_of("customer02"));
  CHECK(node.log_in(other).status == 200);
  CHECK(node.order(other, login).status == 200);
  CHECK(node.pay(other).status == 200);
}
