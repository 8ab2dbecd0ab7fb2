#include "db/shipments.hpp"

namespace storefront {

namespace {

constexpr auto shipments_schema = R"(
  create table if not exists shipments (
    request_id text primary key,
    order_id integer not null,
    tracking text not null,
    days integer not null,
    created_at integer not null
  ) strict;
)";

} // namespace

shipment_store::shipment_store(const database& owner)
  : db_(open_database(owner, shipments_schema)) {}

std::optional<shipment>
shipment_store::find(const std::string& request_id) const {
  auto row = query(db_,
                   "select order_id, tracking, days from shipments"
                   " where request_id = ?",
                   request_id);
  if (!row.executeStep())
    return std::nullopt;
  return shipment{row.getColumn(0).getInt64(), row.getColumn(1).getString(),
                  row.getColumn(2).getInt64()};
}

void shipment_store::keep(const std::string& request_id, const shipment& what,
                          int64_t now) {
  execute(db_, "insert or ignore into shipments values (?, ?, ?, ?, ?)",
          request_id, what.order_id, what.tracking, what.days, now);
}

} // namespace storefront
