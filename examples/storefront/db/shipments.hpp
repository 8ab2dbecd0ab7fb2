#pragma once

#include "db/open.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace storefront {

/// What the partner promised for one order.
struct shipment {
  int64_t order_id = 0;
  std::string tracking;
  int64_t days = 0;

  friend bool operator==(const shipment&, const shipment&) = default;
};

/// The partner's answers, so that it is asked once per request id.
///
/// Confined to one actor.
class shipment_store {
public:
  explicit shipment_store(const database& owner);

  std::optional<shipment> find(const std::string& request_id) const;

  /// Keeps the first one under a request id.
  void keep(const std::string& request_id, const shipment& what, int64_t now);

private:
  SQLite::Database db_;
};

} // namespace storefront
