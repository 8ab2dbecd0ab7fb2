#include "db/orders.hpp"

namespace storefront {

namespace {

constexpr auto orders_schema = R"(
  create table if not exists orders (
    id integer primary key,
    request_id text not null unique,
    user text not null,
    fingerprint text not null,
    reference text not null,
    total_cents integer not null check (total_cents > 0),
    payment_id integer unique,
    created_at integer not null
  ) strict;
  create table if not exists order_lines (
    order_id integer not null references orders (id),
    line integer not null,
    product_id integer not null,
    quantity integer not null check (quantity > 0),
    price_cents integer not null check (price_cents > 0),
    primary key (order_id, line)
  ) strict;
)";

int64_t total(const std::vector<order_line>& lines) {
  int64_t result = 0;
  for (auto& each : lines)
    result += each.quantity * each.price_cents;
  return result;
}

} // namespace

order_store::order_store(const database& owner)
  : db_(open_database(owner, orders_schema)) {}

std::optional<order> order_store::find(const std::string& request_id) const {
  auto row = query(db_,
                   "select id, user, fingerprint, total_cents, payment_id"
                   " from orders where request_id = ?",
                   request_id);
  if (!row.executeStep())
    return std::nullopt;
  order found{row.getColumn(0).getInt64(),
              row.getColumn(1).getString(),
              row.getColumn(2).getString(),
              row.getColumn(3).getInt64(),
              {}};
  if (!row.isColumnNull(4))
    found.payment_id = row.getColumn(4).getInt64();
  return found;
}

order order_store::place(const new_order& what, int64_t now) {
  auto change = begin(db_);
  if (auto seen = find(what.request_id))
    return *seen;
  execute(db_,
          "insert into orders (request_id, user, fingerprint, reference,"
          " total_cents, created_at) values (?, ?, ?, ?, ?, ?)",
          what.request_id, what.user, what.fingerprint, what.reference,
          total(what.lines), now);
  int64_t id = db_.getLastInsertRowid();
  int64_t line = 0;
  for (auto& each : what.lines)
    execute(db_, "insert into order_lines values (?, ?, ?, ?, ?)", id, ++line,
            each.product_id, each.quantity, each.price_cents);
  change.commit();
  return {id, what.user, what.fingerprint, total(what.lines), {}};
}

void order_store::confirm(int64_t id, int64_t payment_id) {
  execute(db_, "update orders set payment_id = ? where id = ?", payment_id, id);
}

} // namespace storefront
