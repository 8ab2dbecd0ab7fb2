#include "services/catalog.hpp"

#include "api/error.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

constexpr int seed_products = 3000;
constexpr uint32_t products_seed = 20261121;

constexpr int64_t limit_max = 100;
constexpr size_t items_max = 50;
constexpr int64_t quantity_max = 1000;

json to_json(const product& what) {
  return {{"product_id", what.id},
          {"name", what.name},
          {"category", what.category},
          {"price_cents", what.price_cents}};
}

} // namespace

catalog::catalog(const database& owner) : products_(owner) {
  products_.seed(seed_products, products_seed);
}

std::string catalog::answer(const input& in, const std::string&) {
  auto action = in.word("action", {"get", "search", "quote"});
  if (action == "get")
    return get(in);
  return action == "search" ? search(in) : quote(in);
}

product catalog::known(const input& in) const {
  auto found = products_.find(in.number("product_id", 1, INT64_MAX));
  if (!found)
    throw api_error(404, in.path("product_id"),
                    in.path("product_id") + " is unknown");
  return *found;
}

std::string catalog::get(const input& in) {
  return to_json(known(in)).dump();
}

std::string catalog::search(const input& in) {
  json found = json::array();
  for (auto& each : products_.search(in.text("query", 64),
                                     in.number_or("limit", 1, limit_max, 10)))
    found.push_back(to_json(each));
  return json{{"products", found}}.dump();
}

std::string catalog::quote(const input& in) {
  json items = json::array();
  int64_t total = 0;
  for (auto& each : in.objects("items", items_max)) {
    auto item = to_json(known(each));
    auto quantity = each.number("quantity", 1, quantity_max);
    total += quantity * item["price_cents"].get<int64_t>();
    item["quantity"] = quantity;
    items.push_back(std::move(item));
  }
  return json{{"items", items}, {"total_cents", total}}.dump();
}

} // namespace storefront
