#include "db/outbox.hpp"

namespace storefront {

namespace {

constexpr auto outbox_schema = R"(
  create table if not exists outbox (
    id integer primary key,
    request_id text not null unique,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at integer not null
  ) strict;
)";

message read_message(const SQLite::Statement& row) {
  return {row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getString(), row.getColumn(4).getString()};
}

} // namespace

outbox_store::outbox_store(const database& owner)
  : db_(open_database(owner, outbox_schema)) {}

std::optional<int64_t> outbox_store::add(const message& what, int64_t now) {
  auto change = begin(db_);
  auto seen = query(db_,
                    "select id, request_id, recipient, subject, body"
                    " from outbox where request_id = ?",
                    what.request_id);
  if (seen.executeStep())
    return read_message(seen) == what
             ? std::optional{seen.getColumn(0).getInt64()}
             : std::nullopt;
  execute(db_,
          "insert into outbox (request_id, recipient, subject, body,"
          " created_at) values (?, ?, ?, ?, ?)",
          what.request_id, what.recipient, what.subject, what.text, now);
  int64_t id = db_.getLastInsertRowid();
  change.commit();
  return id;
}

int64_t outbox_store::size() const {
  return number(db_, "select count(*) from outbox");
}

} // namespace storefront
