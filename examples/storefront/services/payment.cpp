#include "services/payment.hpp"

#include "api/error.hpp"
#include "db/secret.hpp"
#include "services/card.hpp"
#include "services/unix_time.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

constexpr int64_t amount_max = 100'000'000;

std::string last4(const std::string& card) {
  if (!is_card_number(card))
    throw api_error(400, "card", "card must be a valid card number");
  return card.substr(card.size() - 4);
}

} // namespace

payment::payment(const database& owner) : payments_(owner) {}

std::string payment::answer(const input& in, const std::string& request_id) {
  return in.word("action", {"charge", "get"}) == "charge" ? pay(in, request_id)
                                                          : get(in);
}

std::string payment::pay(const input& in, const std::string& request_id) {
  charge what{request_id.empty() ? random_token() : request_id,
              in.text("user", 64), in.number("amount_cents", 1, amount_max),
              last4(in.text("card", 19)), in.text_or_empty("reference", 128)};
  auto id = payments_.pay(what, unix_now());
  if (!id)
    throw api_error(400, "request_id",
                    "request_id was used for another payment");
  return json{{"payment_id", *id}, {"amount_cents", what.amount_cents}}.dump();
}

std::string payment::get(const input& in) {
  auto found = payments_.find(in.number("payment_id", 1, INT64_MAX));
  if (!found)
    throw api_error(404, "payment_id", "payment_id is unknown");
  return json{{"user", found->user},
              {"amount_cents", found->amount_cents},
              {"card_last4", found->card_last4},
              {"reference", found->reference}}
    .dump();
}

} // namespace storefront
