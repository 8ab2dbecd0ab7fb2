#include "demo/audit.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>

namespace storefront {

namespace {

/// How often each reference is in a database.
using counts = std::map<std::string, int64_t>;

counts count(const std::filesystem::path& file, const char* sql) {
  SQLite::Database db{file.string(), SQLite::OPEN_READWRITE};
  SQLite::Statement row{db, sql};
  counts result;
  while (row.executeStep())
    result[row.getColumn(0).getString()] = row.getColumn(1).getInt64();
  return result;
}

void add_doubled(const counts& from, std::vector<std::string>& to) {
  for (auto& [reference, times] : from)
    if (times > 1)
      to.push_back(reference);
}

} // namespace

audit_result audit(const totals& answers,
                   const std::filesystem::path& orders_file,
                   const std::filesystem::path& payments_file) {
  auto orders = count(orders_file, "select reference, count(*) from orders"
                                   " group by reference");
  auto paid_orders =
    count(orders_file, "select reference, count(*) from orders"
                       " where payment_id is not null group by reference");
  auto payments =
    count(payments_file, "select reference, count(*) from payments"
                         " group by reference");
  audit_result result;
  for (auto& each : answers.orders)
    if (!paid_orders.contains(each) || !payments.contains(each))
      result.lost.push_back(each);
  for (auto& each : answers.payments)
    if (!payments.contains(each))
      result.lost.push_back(each);
  add_doubled(orders, result.doubled);
  add_doubled(payments, result.doubled);
  return result;
}

} // namespace storefront
