#include "services/order_request.hpp"

#include "api/error.hpp"
#include "api/service.hpp"
#include "db/secret.hpp"
#include "services/card.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

order_request parse_order(const api_call& call) {
  input in{call.body};
  order_request result;
  result.request_id = request_id_of(call, in);
  if (result.request_id.empty())
    result.request_id = random_token();
  result.token = in.text("token", 64);
  result.card = in.text("card", 19);
  // Before the order has its request id, which the customer needs once more.
  if (!is_card_number(result.card))
    throw api_error(400, "card", "card must be a valid card number");
  result.reference = in.text_or_empty("reference", 128);
  json items = json::array();
  for (auto& each : in.objects("items", 50))
    items.push_back({{"product_id", each.number("product_id", 1, INT64_MAX)},
                     {"quantity", each.number("quantity", 1, 1000)}});
  result.quote = json{{"action", "quote"}, {"items", items}}.dump();
  result.fingerprint = digest(json{items, result.reference}.dump());
  return result;
}

} // namespace storefront
