#include "db/sales.hpp"

#include <random>

namespace storefront {

namespace {

constexpr auto schema = R"(
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

} // namespace

sale_store::sale_store(const database& owner)
  : db_(open_database(owner, schema)) {}

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
                   "select count(*), coalesce(sum(total_cents), 0),"
                   " coalesce(avg(total_cents), 0) from sales"
                   " where sold_at >= ?",
                   since);
  all.executeStep();
  result.sales = all.getColumn(0).getInt64();
  result.revenue_cents = all.getColumn(1).getInt64();
  result.average_cents = all.getColumn(2).getDouble();
  auto row = query(db_,
                   "select user, count(*), sum(total_cents) as revenue,"
                   " max(total_cents) from sales where sold_at >= ?"
                   " group by user order by revenue desc, user limit ?",
                   since, limit);
  while (row.executeStep())
    result.customers.push_back(
      {row.getColumn(0).getString(), row.getColumn(1).getInt64(),
       row.getColumn(2).getInt64(), row.getColumn(3).getInt64()});
  return result;
}

} // namespace storefront
