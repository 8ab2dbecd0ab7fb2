#include "db/sales.hpp"

#include <algorithm>
#include <random>

namespace storefront {

namespace {

constexpr auto sales_schema = R"(
  create table if not exists sales (
    request_id text primary key,
    order_id integer not null,
    user text not null,
    total_cents integer not null,
    sold_at integer not null
  ) strict;
  create index if not exists sales_by_time on sales (sold_at);
)";

/// Sales of the past are spread over this many seconds.
constexpr int64_t past = 90 * 24 * 3600;

int insert(SQLite::Database& db, const sale& what, int64_t sold_at) {
  return execute(db, "insert or ignore into sales values (?, ?, ?, ?, ?)",
                 what.request_id, what.order_id, what.user, what.total_cents,
                 sold_at);
}

/// SQLite adds up as doubles without an error, where `sum` throws once the
/// sum is beyond 2^63; it is exact up to 2^53.
int64_t whole(double total) {
  constexpr double most = 9.2e18;
  return static_cast<int64_t>(std::min(total, most));
}

} // namespace

sale_store::sale_store(const database& owner)
  : db_(open_database(owner, sales_schema)) {}

void sale_store::seed(int count, uint32_t seed, int64_t now) {
  auto change = begin(db_);
  if (number(db_, "select count(*) from sales") > 0)
    return;
  std::mt19937 random{seed};
  for (int i = 1; i <= count; ++i) {
    sale made_up{"past:" + std::to_string(i), -i,
                 "visitor" + std::to_string(random() % 200),
                 100 + static_cast<int64_t>(random() % 50000)};
    insert(db_, made_up, now - static_cast<int64_t>(random()) % past);
  }
  change.commit();
}

bool sale_store::record(const sale& what, int64_t now) {
  return insert(db_, what, now) == 1;
}

sales_report sale_store::report(int64_t since, int64_t limit) const {
  sales_report result;
  auto all = query(db_,
                   "select count(*), total(total_cents),"
                   " coalesce(avg(total_cents), 0) from sales"
                   " where sold_at >= ?",
                   since);
  all.executeStep();
  result.sales = all.getColumn(0).getInt64();
  result.revenue_cents = whole(all.getColumn(1).getDouble());
  result.average_cents = all.getColumn(2).getDouble();
  auto row = query(db_,
                   "select user, count(*), total(total_cents) as revenue,"
                   " max(total_cents) from sales where sold_at >= ?"
                   " group by user order by revenue desc, user limit ?",
                   since, limit);
  while (row.executeStep())
    result.customers.push_back(
      {row.getColumn(0).getString(), row.getColumn(1).getInt64(),
       whole(row.getColumn(2).getDouble()), row.getColumn(3).getInt64()});
  return result;
}

} // namespace storefront
