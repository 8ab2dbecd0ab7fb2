#include "demo/workload.hpp"

namespace storefront {

namespace {

constexpr uint32_t products = 3000;
constexpr uint32_t users = 12;
constexpr auto card = R"("card":"4242424242424242")";

std::string quoted(const std::string& name, const std::string& value) {
  return "\"" + name + "\":\"" + value + "\"";
}

planned_request plain(const char* service, std::string fields) {
  planned_request result;
  result.service = service;
  result.fields = std::move(fields);
  return result;
}

} // namespace

workload::workload(uint32_t seed, uint32_t customer) : customer_(customer) {
  std::seed_seq both{seed, customer};
  random_.seed(both);
}

std::string workload::user() const {
  auto number = 1 + customer_ % users;
  return (number < 10 ? "customer0" : "customer") + std::to_string(number);
}

planned_request workload::next() {
  ++count_;
  auto kind = below(100);
  planned_request result;
  if (kind < 30)
    result = browse();
  else if (kind < 60)
    result = order();
  else if (kind < 70)
    result = payment();
  else if (kind < 80)
    result = mail();
  else if (kind < 90)
    result = plain("analytics_reporting", R"("action":"report","days":30)");
  else {
    result = plain("user_authentication", R"("action":"verify")");
    result.needs_token = true;
  }
  result.request_id =
    "demo-" + std::to_string(customer_) + "-" + std::to_string(count_);
  if (result.leaves != effect::none) {
    result.reference = result.request_id;
    result.fields += "," + quoted("reference", result.reference);
  }
  return result;
}

planned_request workload::browse() {
  auto id = std::to_string(1 + below(products));
  return below(2) == 0
           ? plain("product_catalog", R"("action":"get","product_id":)" + id)
           : plain("product_catalog", R"("action":"search","query":"lamp )"
                                        + id.substr(0, 1) + "\"");
}

planned_request workload::order() {
  auto id = std::to_string(1 + below(products));
  auto quantity = std::to_string(1 + below(5));
  auto result =
    plain("order_management", std::string{card} + R"(,"items":[{"product_id":)"
                                + id + R"(,"quantity":)" + quantity + "}]");
  result.needs_token = true;
  result.leaves = effect::order;
  return result;
}

planned_request workload::payment() {
  auto result =
    plain("payment_processing", R"("action":"charge","amount_cents":)"
                                  + std::to_string(100 + below(10'000)) + ","
                                  + quoted("user", user()) + "," + card);
  result.leaves = effect::payment;
  return result;
}

planned_request workload::mail() {
  if (below(2) == 0)
    return plain("third_party_apis", R"("action":"ship","order_id":)"
                                       + std::to_string(1 + below(1000)));
  return plain("email_notifications",
               R"("action":"send","subject":"news","text":"hello",)"
                 + quoted("to", user() + "@example.org"));
}

std::string body_of(const planned_request& request, const std::string& token) {
  auto fields = request.fields;
  if (request.needs_token)
    fields += "," + quoted("token", token);
  return "{" + fields + "}";
}

} // namespace storefront
