#include "db/products.hpp"

#include "services/catalog.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using nlohmann::json;
using storefront::test::temp_folder;

TEST_CASE("one seed gives the same products, another others", "[storefront]") {
  temp_folder folder;
  product_store first{folder.own("1.db")};
  product_store same{folder.own("2.db")};
  product_store other{folder.own("3.db")};
  first.seed(50, 7);
  same.seed(50, 7);
  other.seed(50, 8);
  int differ = 0;
  for (int id = 1; id <= 50; ++id) {
    REQUIRE(first.find(id));
    CHECK(first.find(id) == same.find(id));
    differ += first.find(id) != other.find(id) ? 1 : 0;
  }
  CHECK(differ > 25);
  CHECK(first.find(51) == std::nullopt);
}

TEST_CASE("products are made up once", "[storefront]") {
  temp_folder folder;
  auto owner = folder.own();
  product_store{owner}.seed(5, 7);
  product_store again{owner};
  again.seed(50, 8);
  CHECK(again.find(5));
  CHECK(again.find(6) == std::nullopt);
}

TEST_CASE("a search finds text and treats wildcards as text", "[storefront]") {
  temp_folder folder;
  product_store products{folder.own()};
  products.seed(500, 7);
  auto tents = products.search("tent", 1000);
  CHECK(tents.size() > 5);
  for (auto& each : tents)
    CHECK(each.name.find("tent") != std::string::npos);
  CHECK(products.search("tent", 3).size() == 3);
  CHECK(products.search("%", 10).empty());
  CHECK(products.search("_", 10).empty());
  CHECK(products.search("\\", 10).empty());
  CHECK(products.search("'; drop table products; --", 10).empty());
}

TEST_CASE("product_catalog gets, searches and quotes", "[storefront]") {
  temp_folder folder;
  catalog service{folder.own()};
  auto got = service.handle({R"({"action":"get","product_id":3000})", ""});
  REQUIRE(got.status == 200);
  auto price = json::parse(got.body)["price_cents"].get<int64_t>();
  auto quote = service.handle({R"({"action":"quote","items":
                                [{"product_id":3000,"quantity":3}]})",
                               ""});
  REQUIRE(quote.status == 200);
  CHECK(json::parse(quote.body)["total_cents"] == 3 * price);
  auto found =
    service.handle({R"({"action":"search","query":"lamp","limit":2})", ""});
  CHECK(json::parse(found.body)["products"].size() == 2);
  auto missing = service.handle({R"({"action":"quote","items":
                                  [{"product_id":3001,"quantity":1}]})",
                                 ""});
  CHECK(missing.status == 404);
  CHECK(json::parse(missing.body)["field"] == "items[0].product_id");
}
