#include "demo/audit.hpp"

#include "db/orders.hpp"
#include "db/payments.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace storefront;
using storefront::test::temp_folder;

namespace {

/// The books of a shop; both databases are closed before the audit.
struct books {
  void order(const std::string& reference, bool paid) {
    order_store orders{folder.own("orders.db")};
    auto id = "order-" + std::to_string(++ids);
    auto placed = orders.place({id, "ann", "f", reference, {{1, 1, 100}}}, 1);
    if (paid)
      orders.confirm(placed.id, ids);
  }

  void pay(const std::string& reference) {
    payment_store payments{folder.own("payments.db")};
    auto id = "payment-" + std::to_string(++ids);
    payments.pay({id, "ann", 100, "4242", reference}, 1);
  }

  audit_result check(const totals& answers) const {
    return audit(answers, folder.path() / "orders.db",
                 folder.path() / "payments.db");
  }

  temp_folder folder;
  int ids = 0;
};

totals answered(std::vector<std::string> orders,
                std::vector<std::string> payments) {
  totals result;
  result.orders = std::move(orders);
  result.payments = std::move(payments);
  return result;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("books that agree with the answers are clean", "[demo]") {
  books shop;
  shop.order("a", true);
  shop.pay("a");
  shop.pay("b");
  auto result = shop.check(answered({"a"}, {"b"}));
  CHECK(result.lost.empty());
  CHECK(result.doubled.empty());
}

TEST_CASE("an answered order is lost without row, payment or its mark",
          "[demo]") {
  books shop;
  shop.order("unpaid", false);
  shop.pay("unpaid");
  shop.order("no payment", true);
  shop.pay("no order");
  auto result =
    shop.check(answered({"unpaid", "no payment", "no order", "nothing"}, {}));
  CHECK(result.lost == names{"unpaid", "no payment", "no order", "nothing"});
}

TEST_CASE("an answered payment without a row is lost", "[demo]") {
  books shop;
  shop.order("a", true);
  shop.pay("b");
  CHECK(shop.check(answered({}, {"a", "b"})).lost == names{"a"});
}

TEST_CASE("what is in the books twice is doubled, answered or not", "[demo]") {
  books shop;
  shop.order("a", true);
  shop.order("a", true);
  shop.pay("a");
  shop.pay("b");
  shop.pay("b");
  CHECK(shop.check(answered({"a"}, {})).doubled == names{"a", "b"});
}
