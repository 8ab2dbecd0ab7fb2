#include "order_rig.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using namespace storefront::test;
using bulwark::errc;
using nlohmann::json;

namespace {

/// A gate whose service cannot be had.
caf::actor refusing(order_rig& rig, errc code) {
  return rig.keep(rig.sys.spawn([code]() -> caf::behavior {
    return {[code](const api_call&) -> caf::result<api_reply> {
      return bulwark::make_error(code, "why");
    }};
  }));
}

/// A service that refuses a call with a status of its own.
caf::actor replying(order_rig& rig, int status, const std::string& body) {
  return rig.keep(rig.sys.spawn([=]() -> caf::behavior {
    return {[=](const api_call&) { return api_reply{status, body}; }};
  }));
}

} // namespace

// As the tenant that asked for the order, it would be refused its verification
// with that client's logins.
TEST_CASE("an order asks by what its used service says", "[storefront]") {
  order_rig rig;
  auto asked = std::make_shared<bulwark::call_options>();
  rig.services.authentication.call = {
    .priority = bulwark::call_priority::critical, .tenant = "orders"};
  rig.services.authentication.gate =
    rig.keep(rig.sys.spawn([asked]() -> caf::behavior {
      return {[asked](const bulwark::call_options& by, const api_call&) {
        *asked = by;
        return api_reply{200, R"({"user":"ann"})"};
      }};
    }));
  CHECK(rig.ask(rig.start(), {order_body(), "r1"}).status == 200);
  CHECK(*asked == rig.services.authentication.call);
}

TEST_CASE("an order is priced, paid, stored and told to the others",
          "[storefront]") {
  order_rig rig;
  auto reply = rig.ask(rig.start(), {order_body(), "r1"});
  REQUIRE(reply.status == 200);
  auto body = json::parse(reply.body);
  CHECK(body["payment_id"] == 1);
  CHECK(body["total_cents"].get<int>() > 0);
  CHECK(body["tracking"] == "T1");
  CHECK_FALSE(body.contains("degraded"));
  CHECK(rig.count("orders.db",
                  "select count(*) from orders where request_id = ?"
                  " and payment_id = 1",
                  "r1")
        == 1);
  CHECK(rig.count("payments.db",
                  "select count(*) from payments where reference = ?", "mine")
        == 1);
  CHECK(rig.count("outbox.db",
                  "select count(*) from outbox where recipient = ?",
                  "ann@example.org")
        == 1);
  CHECK(
    rig.count("sales.db", "select count(*) from sales where user = ?", "ann")
    == 1);
}

TEST_CASE("an order sent again is answered alike and stored once",
          "[storefront]") {
  order_rig rig;
  auto orders = rig.start();
  auto first = rig.ask(orders, {order_body(), "r1"});
  CHECK(rig.ask(orders, {order_body(), "r1"}).body == first.body);
  CHECK(rig.count("payments.db", "select count(*) from payments where user = ?",
                  "ann")
        == 1);
}

TEST_CASE("a request id of another order is refused by name", "[storefront]") {
  order_rig rig;
  auto orders = rig.start();
  rig.ask(orders, {order_body(), "r1"});
  auto other = rig.ask(orders, {order_body("mine", 3), "r1"});
  CHECK(other.status == 400);
  CHECK(json::parse(other.body)["field"] == "request_id");
}

TEST_CASE("a request id of another customer is refused by name",
          "[storefront]") {
  order_rig rig;
  rig.ask(rig.start(), {order_body(), "r1"});
  rig.services.authentication.gate = rig.fixed(R"({"user":"bob"})");
  auto other = rig.ask(rig.start(), {order_body(), "r1"});
  CHECK(other.status == 400);
  CHECK(json::parse(other.body)["field"] == "request_id");
}

// It was stored before its card was looked at: with the right card, its own
// request id was refused as another order's.
TEST_CASE("a bad card does not use up the request id", "[storefront]") {
  order_rig rig;
  auto orders = rig.start();
  auto body = json::parse(order_body());
  body["card"] = "4242424242424241";
  auto refused = rig.ask(orders, {body.dump(), "r1"});
  CHECK(refused.status == 400);
  CHECK(json::parse(refused.body)["field"] == "card");
  CHECK(rig.ask(orders, {order_body(), "r1"}).status == 200);
}

TEST_CASE("an order that could not be paid may be paid with another card",
          "[storefront]") {
  order_rig rig;
  auto payment = rig.services.payment.gate;
  rig.services.payment.gate = refusing(rig, errc::unreachable);
  CHECK(rig.ask(rig.start(), {order_body(), "r1"}).status == 503);
  rig.services.payment.gate = payment;
  auto body = json::parse(order_body());
  body["card"] = "5555555555554444";
  CHECK(rig.ask(rig.start(), {body.dump(), "r1"}).status == 200);
}

TEST_CASE("the text of an exception is not for customers", "[storefront]") {
  order_rig rig;
  rig.services.payment.gate = refusing(rig, errc::service_crashed);
  auto reply = rig.ask(rig.start(), {order_body(), "r1"});
  CHECK(reply.status == 500);
  CHECK(json::parse(reply.body)["error"]
        == "payment_processing: failed on this request");
}

TEST_CASE("an order goes through without what is optional", "[storefront]") {
  order_rig rig;
  auto code = GENERATE(errc::unreachable, errc::service_crashed,
                       errc::timed_out, errc::stash_full);
  SECTION("one is down") {
    rig.services.email.gate = refusing(rig, code);
    auto reply = rig.ask(rig.start(), {order_body(), "r1"});
    CHECK(reply.status == 200);
    CHECK(json::parse(reply.body)["degraded"] == json{"email_notifications"});
  }
  SECTION("all are down") {
    rig.services.email.gate = refusing(rig, code);
    rig.services.analytics.gate = refusing(rig, code);
    rig.services.shipping.gate = replying(rig, 503, "{}");
    auto reply = rig.ask(rig.start(), {order_body(), "r1"});
    CHECK(reply.status == 200);
    CHECK(json::parse(reply.body)["degraded"]
          == json{"analytics_reporting", "email_notifications",
                  "third_party_apis"});
  }
}

TEST_CASE("a degraded order is made whole when it is sent again",
          "[storefront]") {
  order_rig rig;
  auto mail = rig.services.email.gate;
  rig.services.email.gate = refusing(rig, errc::unreachable);
  rig.ask(rig.start(), {order_body(), "r1"});
  rig.services.email.gate = mail;
  auto reply = rig.ask(rig.start(), {order_body(), "r1"});
  CHECK_FALSE(json::parse(reply.body).contains("degraded"));
}

TEST_CASE("an order fails with what is required, which is named",
          "[storefront]") {
  order_rig rig;
  used_service order_services::*which =
    GENERATE(&order_services::authentication, &order_services::catalog,
             &order_services::payment);
  auto [code, status] = GENERATE(table<errc, int>({
    {errc::unreachable, 503},
    {errc::timed_out, 504},
    {errc::service_crashed, 500},
  }));
  auto& used = rig.services.*which;
  used.gate = refusing(rig, code);
  auto reply = rig.ask(rig.start(), {order_body(), "r1"});
  CHECK(reply.status == status);
  CHECK(json::parse(reply.body)["failed_service"] == used.name);
}

TEST_CASE("what a required service refuses, the order refuses",
          "[storefront]") {
  order_rig rig;
  rig.services.payment.gate = replying(rig, 400, R"({"field":"card"})");
  auto reply = rig.ask(rig.start(), {order_body(), "r1"});
  CHECK(reply.status == 400);
  CHECK(reply.body == R"({"field":"card"})");
}

TEST_CASE("an order of an unknown product is a 404", "[storefront]") {
  order_rig rig;
  auto body = json::parse(order_body());
  body["items"][0]["product_id"] = 5000;
  CHECK(rig.ask(rig.start(), {body.dump(), "r1"}).status == 404);
}

TEST_CASE("many orders at once are each stored once", "[storefront]") {
  order_rig rig;
  auto orders = rig.start();
  caf::scoped_actor self{rig.sys};
  constexpr int orders_sent = 40;
  for (int i = 0; i < orders_sent; ++i)
    self->send(orders,
               api_call{order_body("same"), "r" + std::to_string(i / 2)});
  int answered = 0;
  for (int i = 0; i < orders_sent; ++i)
    self->receive(
      [&](api_reply& reply) { answered += reply.status == 200 ? 1 : 0; });
  CHECK(answered == orders_sent);
  CHECK(rig.count("orders.db",
                  "select count(*) from orders where reference = ?", "same")
        == orders_sent / 2);
  CHECK(rig.count("payments.db",
                  "select count(*) from payments where reference = ?", "same")
        == orders_sent / 2);
}
