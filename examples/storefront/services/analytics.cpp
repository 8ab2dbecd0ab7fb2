#include "services/analytics.hpp"

#include "db/secret.hpp"
#include "services/unix_time.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

constexpr int seed_sales = 5000;
constexpr uint32_t sales_seed = 20261121;
constexpr int64_t day = 24 * 3600;

/// No order comes to more than what one payment may.
constexpr int64_t total_max = 100'000'000;

} // namespace

analytics::analytics(const database& owner) : sales_(owner) {
  sales_.seed(seed_sales, sales_seed, unix_now());
}

std::string analytics::answer(const input& in, const std::string& request_id) {
  return in.word("action", {"record", "report"}) == "record"
           ? record(in, request_id)
           : report(in);
}

std::string analytics::record(const input& in, const std::string& request_id) {
  sale what{request_id.empty() ? random_token() : request_id,
            in.number("order_id", 1, INT64_MAX), in.text("user", 64),
            in.number("total_cents", 1, total_max)};
  return json{{"recorded", sales_.record(what, unix_now())}}.dump();
}

std::string analytics::report(const input& in) {
  auto since = unix_now() - in.number_or("days", 1, 3650, 30) * day;
  auto found = sales_.report(since, in.number_or("limit", 1, 100, 5));
  json customers = json::array();
  for (auto& each : found.customers)
    customers.push_back({{"user", each.user},
                         {"sales", each.sales},
                         {"revenue_cents", each.revenue_cents},
                         {"largest_cents", each.largest_cents}});
  return json{{"sales", found.sales},
              {"revenue_cents", found.revenue_cents},
              {"average_cents", found.average_cents},
              {"customers", customers}}
    .dump();
}

} // namespace storefront
