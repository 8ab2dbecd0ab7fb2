#include "services/shipping.hpp"

#include "api/error.hpp"
#include "db/secret.hpp"
#include "services/unix_time.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

/// Below the deadline of whoever asks.
constexpr std::chrono::seconds partner_timeout{2};

shipment parse(const bulwark::http_reply& reply, int64_t order_id) {
  auto body = json::parse(reply.body, nullptr, false);
  if (reply.status != 200 || !body.is_object())
    throw api_error(503, "",
                    "the partner answered " + std::to_string(reply.status));
  auto tracking = body.find("tracking");
  auto days = body.find("days");
  if (tracking == body.end() || !tracking->is_string() || days == body.end()
      || !days->is_number_integer())
    throw api_error(503, "", "the partner's answer is malformed");
  return {order_id, tracking->get<std::string>(), days->get<int64_t>()};
}

} // namespace

shipping::shipping(const database& owner, bulwark::host_port partner)
  : shipments_(owner), partner_(std::move(partner.host), partner.port) {}

std::string shipping::answer(const input& in, const std::string& request_id) {
  in.word("action", {"ship"});
  auto order_id = in.number("order_id", 1, INT64_MAX);
  auto id = request_id.empty() ? random_token() : request_id;
  auto known = shipments_.find(id);
  if (known && known->order_id != order_id)
    throw api_error(400, "request_id", "request_id was used for another order");
  auto found = known ? *known : ask_partner(order_id, id);
  shipments_.keep(id, found, unix_now());
  return json{{"tracking", found.tracking}, {"days", found.days}}.dump();
}

shipment shipping::ask_partner(int64_t order_id,
                               const std::string& request_id) {
  try {
    auto reply = partner_.request(
      "POST", "/shipments", json{{"order_id", order_id}}.dump(),
      partner_timeout, {{"X-Request-Id", request_id}});
    return parse(reply, order_id);
  } catch (const bulwark::http_error& e) {
    throw api_error(503, "", std::string{"the partner: "} + e.what());
  }
}

} // namespace storefront
