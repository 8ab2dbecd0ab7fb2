#include "db/orders.hpp"

#include "api/error.hpp"
#include "services/order_request.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using nlohmann::json;
using storefront::test::temp_folder;

namespace {

json valid() {
  return {{"token", "t"},
          {"card", "4242424242424242"},
          {"items", {{{"product_id", 1}, {"quantity", 2}}}}};
}

} // namespace

TEST_CASE("an order under one request id is stored once", "[storefront]") {
  temp_folder folder;
  auto owner = folder.own();
  auto orders = std::make_unique<order_store>(owner);
  new_order what{"r1", "ann", "f", "mine", {{1, 2, 100}, {2, 1, 50}}};
  auto placed = orders->place(what, 1);
  CHECK(placed.total_cents == 250);
  CHECK(placed.payment_id == std::nullopt);
  what.lines = {{1, 1, 1}};
  auto again = orders->place(what, 2);
  CHECK(again.id == placed.id);
  CHECK(again.total_cents == 250);
  orders->confirm(placed.id, 77);
  orders = std::make_unique<order_store>(owner);
  CHECK(orders->find("r1")->payment_id == 77);
  CHECK(orders->find("r2") == std::nullopt);
}

TEST_CASE("an order that cannot be stored whole is not stored",
          "[storefront]") {
  temp_folder folder;
  order_store orders{folder.own()};
  new_order bad{"r1", "ann", "f", "", {{1, 2, 100}, {2, -1, 50}}};
  CHECK_THROWS(orders.place(bad, 1));
  CHECK(orders.find("r1") == std::nullopt);
}

TEST_CASE("an order's fingerprint is of what is ordered", "[storefront]") {
  auto first = parse_order({valid().dump(), "r1"});
  auto body = valid();
  body["token"] = "another session";
  body["unknown"] = true;
  CHECK(parse_order({body.dump(), "r2"}).fingerprint == first.fingerprint);
  body["items"][0]["quantity"] = 3;
  CHECK(parse_order({body.dump(), "r1"}).fingerprint != first.fingerprint);
}

TEST_CASE("an order without a request id gets one", "[storefront]") {
  auto first = parse_order({valid().dump(), ""});
  auto second = parse_order({valid().dump(), ""});
  CHECK_FALSE(first.request_id.empty());
  CHECK(first.request_id != second.request_id);
}

TEST_CASE("bad orders are refused by the name of the field", "[storefront]") {
  auto [field, value] = GENERATE(table<std::string, json>({
    {"token", nullptr},
    {"card", 5},
    {"reference", std::string(129, 'x')},
    {"items", json::array()},
    {"items[0]", {1}},
    {"items[0].quantity", {{{"product_id", 1}, {"quantity", 1001}}}},
    {"items[0].product_id", {{{"product_id", 0}, {"quantity", 1}}}},
  }));
  auto body = valid();
  body[field.substr(0, field.find('['))] = value;
  try {
    parse_order({body.dump(), "r"});
    FAIL("taken");
  } catch (const api_error& e) {
    CHECK(e.status() == 400);
    CHECK(e.field() == field);
  }
}
