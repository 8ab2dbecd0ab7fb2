#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace storefront {

struct sale {
  std::string request_id;
  int64_t order_id = 0;
  std::string user;
  int64_t total_cents = 0;
};

/// One row of the report: a customer's sales.
struct customer_sales {
  std::string user;
  int64_t sales = 0;
  int64_t revenue_cents = 0;
  int64_t largest_cents = 0;
};

struct sales_report {
  int64_t sales = 0;
  int64_t revenue_cents = 0;
  double average_cents = 0;

  /// The best customers by revenue, best first.
  std::vector<customer_sales> customers;
};

/// What was sold, for reports.
///
/// Confined to one actor.
class sale_store {
public:
  explicit sale_store(const database& owner);

  /// Fills an empty store with `count` sales of the past; the same seed gives
  /// the same sales.
  void seed(int count, uint32_t seed, int64_t now);

  /// Returns false when the request id was seen before.
  bool record(const sale& what, int64_t now);

  /// Aggregates over the sales since `since`, with at most `limit` customers.
  sales_report report(int64_t since, int64_t limit) const;

private:
  SQLite::Database db_;
};

} // namespace storefront
