#include "db/outbox.hpp"
#include "db/sales.hpp"
#include "services/analytics.hpp"
#include "services/email.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using nlohmann::json;
using storefront::test::temp_folder;

TEST_CASE("a report adds up what was sold since a time", "[storefront]") {
  temp_folder folder;
  sale_store sales{folder.own()};
  CHECK(sales.record({"r1", 1, "ann", 100}, 10));
  CHECK(sales.record({"r2", 2, "bob", 500}, 20));
  CHECK(sales.record({"r3", 3, "ann", 300}, 30));
  CHECK_FALSE(sales.record({"r3", 3, "ann", 300}, 40));
  auto all = sales.report(0, 10);
  CHECK(all.sales == 3);
  CHECK(all.revenue_cents == 900);
  CHECK(all.average_cents == Approx(300));
  REQUIRE(all.customers.size() == 2);
  CHECK(all.customers[0].user == "bob");
  CHECK(all.customers[1].user == "ann");
  CHECK(all.customers[1].revenue_cents == 400);
  CHECK(all.customers[1].sales == 2);
  CHECK(all.customers[1].largest_cents == 300);
  CHECK(sales.report(20, 10).revenue_cents == 800);
  CHECK(sales.report(0, 1).customers.size() == 1);
  CHECK(sales.report(31, 10).sales == 0);
}

TEST_CASE("sales of the past are made up once", "[storefront]") {
  temp_folder folder;
  auto owner = folder.own();
  sale_store sales{owner};
  sales.seed(100, 7, 1'000'000'000);
  sale_store{owner}.seed(100, 8, 1'000'000'000);
  CHECK(sales.report(0, 1).sales == 100);
}

TEST_CASE("analytics_reporting records and reports", "[storefront]") {
  temp_folder folder;
  analytics service{folder.own()};
  auto record = R"({"action":"record","order_id":1,"user":"ann",
                    "total_cents":99999999})";
  CHECK(service.handle({record, "r1"}).body == R"({"recorded":true})");
  CHECK(service.handle({record, "r1"}).body == R"({"recorded":false})");
  auto report = service.handle({R"({"action":"report","limit":3})", ""});
  REQUIRE(report.status == 200);
  auto body = json::parse(report.body);
  REQUIRE(body["customers"].size() == 3);
  CHECK(body["customers"][0]["user"] == "ann");
  CHECK(body["sales"].get<int>() > 100);
}

// Two sales of 2^63-1 cents made every report throw, for ever.
TEST_CASE("a sale beyond what a payment may be is refused by name",
          "[storefront]") {
  temp_folder folder;
  analytics service{folder.own()};
  auto reply = service.handle({R"({"action":"record","order_id":1,
    "user":"ann","total_cents":9223372036854775807})",
                               "r1"});
  CHECK(reply.status == 400);
  CHECK(json::parse(reply.body)["field"] == "total_cents");
}

TEST_CASE("a report survives any row", "[storefront]") {
  temp_folder folder;
  sale_store sales{folder.own()};
  CHECK(sales.record({"r1", 1, "ann", INT64_MAX}, 10));
  CHECK(sales.record({"r2", 2, "ann", INT64_MAX}, 10));
  auto all = sales.report(0, 10);
  CHECK(all.sales == 2);
  CHECK(all.revenue_cents > INT64_MAX / 2);
  REQUIRE(all.customers.size() == 1);
  CHECK(all.customers[0].largest_cents == INT64_MAX);
}

TEST_CASE("a request id of another message is refused by name",
          "[storefront]") {
  temp_folder folder;
  email service{folder.own()};
  json body{{"action", "send"},
            {"to", "ann@example.org"},
            {"subject", "s"},
            {"text", "t"}};
  CHECK(service.handle({body.dump(), "r1"}).status == 200);
  auto changed = GENERATE("to", "subject", "text");
  body[changed] = "bob@example.org";
  auto other = service.handle({body.dump(), "r1"});
  CHECK(other.status == 400);
  CHECK(json::parse(other.body)["field"] == "request_id");
}

TEST_CASE("email_notifications writes one message per request id",
          "[storefront]") {
  temp_folder folder;
  auto owner = folder.own();
  email service{owner};
  json body{{"action", "send"},
            {"to", "ann@example.org"},
            {"subject", "s"},
            {"text", "t"}};
  auto first = service.handle({body.dump(), "r1"});
  CHECK(first.status == 200);
  CHECK(service.handle({body.dump(), "r1"}).body == first.body);
  CHECK(service.handle({body.dump(), "r2"}).body != first.body);
  CHECK(outbox_store{owner}.size() == 2);
}

TEST_CASE("email_notifications refuses what is no address", "[storefront]") {
  temp_folder folder;
  email service{folder.own()};
  auto to = GENERATE("ann", "@example.org", "ann@", "ann@x\r\nBcc: b@x");
  json body{{"action", "send"}, {"to", to}, {"subject", "s"}, {"text", "t"}};
  auto reply = service.handle({body.dump(), ""});
  CHECK(reply.status == 400);
  CHECK(json::parse(reply.body)["field"] == "to");
}
