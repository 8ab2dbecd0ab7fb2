#include "db/payments.hpp"

namespace storefront {

namespace {

constexpr auto payments_schema = R"(
  create table if not exists payments (
    id integer primary key,
    request_id text not null unique,
    user text not null,
    amount_cents integer not null check (amount_cents > 0),
    card_last4 text not null,
    reference text not null,
    created_at integer not null
  ) strict;
  create table if not exists ledger (
    payment_id integer not null references payments (id),
    account text not null,
    amount_cents integer not null,
    primary key (payment_id, account)
  ) strict;
)";

constexpr auto columns = "select id, request_id, user, amount_cents,"
                         " card_last4, reference from payments";

charge read_charge(const SQLite::Statement& row) {
  return {row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getInt64(), row.getColumn(4).getString(),
          row.getColumn(5).getString()};
}

} // namespace

payment_store::payment_store(const database& owner)
  : db_(open_database(owner, payments_schema)) {}

std::optional<int64_t> payment_store::pay(const charge& what, int64_t now) {
  auto change = begin(db_);
  auto seen =
    query(db_, (std::string{columns} + " where request_id = ?").c_str(),
          what.request_id);
  if (seen.executeStep())
    return read_charge(seen) == what
             ? std::optional{seen.getColumn(0).getInt64()}
             : std::nullopt;
  execute(db_,
          "insert into payments (request_id, user, amount_cents, card_last4,"
          " reference, created_at) values (?, ?, ?, ?, ?, ?)",
          what.request_id, what.user, what.amount_cents, what.card_last4,
          what.reference, now);
  int64_t id = db_.getLastInsertRowid();
  execute(db_, "insert into ledger values (?, ?, ?)", id,
          "customer:" + what.user, -what.amount_cents);
  execute(db_, "insert into ledger values (?, 'shop', ?)", id,
          what.amount_cents);
  change.commit();
  return id;
}

std::optional<charge> payment_store::find(int64_t id) const {
  auto row = query(db_, (std::string{columns} + " where id = ?").c_str(), id);
  if (!row.executeStep())
    return std::nullopt;
  return read_charge(row);
}

int64_t payment_store::imbalance() const {
  return number(db_, "select coalesce(sum(amount_cents), 0) from ledger");
}

} // namespace storefront
