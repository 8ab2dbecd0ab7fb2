#pragma once

#include "api/service.hpp"
#include "db/shipments.hpp"

#include <bulwark/http/client.hpp>
#include <bulwark/options/host_port.hpp>

#include <optional>

namespace storefront {

/// third_party_apis: `action` is "ship" with `order_id`: `tracking` and `days`
/// as the partner's server promises them, asked for once per request id; 503
/// when the partner does not answer.
///
/// Confined to one actor.
class shipping : public api_service {
public:
  shipping(const database& owner, bulwark::host_port partner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  shipment ask_partner(int64_t order_id, const std::string& request_id);

  shipment_store shipments_;
  bulwark::http_client partner_;
};

} // namespace storefront
