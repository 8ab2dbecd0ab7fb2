#include "db/payments.hpp"
#include "services/card.hpp"
#include "services/payment.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using nlohmann::json;
using storefront::test::temp_folder;

TEST_CASE("a card number has the right length and check digit",
          "[storefront]") {
  CHECK(is_card_number("4242424242424242"));
  CHECK(is_card_number("378282246310005"));
  CHECK_FALSE(is_card_number("4242424242424241"));
  CHECK_FALSE(is_card_number("4242 4242 4242 4242"));
  CHECK_FALSE(is_card_number("00000000000"));
  CHECK_FALSE(is_card_number("00000000000000000000"));
  CHECK_FALSE(is_card_number(""));
}

TEST_CASE("a payment under one request id happens once", "[storefront]") {
  temp_folder folder;
  payment_store payments{folder.own()};
  charge what{"r1", "ann", 500, "4242", "mine"};
  auto first = payments.pay(what, 1);
  REQUIRE(first);
  CHECK(payments.pay(what, 2) == first);
  CHECK(payments.find(*first) == what);
  CHECK(payments.find(*first + 1) == std::nullopt);
  auto other = what;
  other.amount_cents = 501;
  CHECK(payments.pay(other, 3) == std::nullopt);
  other.request_id = "r2";
  CHECK(payments.pay(other, 3) != first);
  CHECK(payments.imbalance() == 0);
}

TEST_CASE("payment_processing charges and names what is wrong",
          "[storefront]") {
  temp_folder folder;
  payment service{folder.own()};
  json body{{"action", "charge"},
            {"user", "ann"},
            {"amount_cents", 500},
            {"card", "4242424242424242"}};
  auto first = service.handle({body.dump(), "r1"});
  REQUIRE(first.status == 200);
  CHECK(service.handle({body.dump(), "r1"}).body == first.body);
  CHECK(service.handle({body.dump(), "r2"}).body != first.body);
  CHECK(service.handle({body.dump(), ""}).body
        != service.handle({body.dump(), ""}).body);
  body["card"] = "4242424242424241";
  auto refused = service.handle({body.dump(), "r3"});
  CHECK(refused.status == 400);
  CHECK(json::parse(refused.body)["field"] == "card");
  auto got = service.handle({R"({"action":"get","payment_id":1})", ""});
  CHECK(json::parse(got.body)["card_last4"] == "4242");
  CHECK(service.handle({R"({"action":"get","payment_id":99})", ""}).status
        == 404);
}
