#include "db/outbox.hpp"

namespace storefront {

namespace {

constexpr auto schema = R"(
  create table if not exists outbox (
    id integer primary key,
    request_id text not null unique,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at integer not null
  ) strict;
)";

} // namespace

outbox_store::outbox_store(const database& owner)
  : db_(open_database(owner, schema)) {}

int64_t outbox_store::add(const message& what, int64_t now) {
  auto change = begin(db_);
  execute(db_,
          "insert or ignore into outbox (request_id, recipient, subject, body,"
          " created_at) values (?, ?, ?, ?, ?)",
          what.request_id, what.recipient, what.subject, what.text, now);
  auto id =
    number(db_, "select id from outbox where request_id = ?", what.request_id);
  change.commit();
  return id;
}

int64_t outbox_store::size() const {
  return number(db_, "select count(*) from outbox");
}

} // namespace storefront
