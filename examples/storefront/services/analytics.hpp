#pragma once

#include "api/service.hpp"
#include "db/sales.hpp"

namespace storefront {

/// analytics_reporting: `action` is
/// - "record" with `order_id`, `user`, `total_cents`: one sale, once for one
///   request id;
/// - "report" with perhaps `days` and `limit`: totals and the best customers.
///
/// Confined to one actor.
class analytics : public api_service {
public:
  explicit analytics(const database& owner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  std::string record(const input& in, const std::string& request_id);
  std::string report(const input& in);

  sale_store sales_;
};

} // namespace storefront
