#include "partner/shipments.hpp"

#include "api/error.hpp"
#include "api/service.hpp"
#include "db/secret.hpp"
#include "partner/users.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

bulwark::http_response answer_partner(const bulwark::http_request& request) {
  if (auto answer = answer_users(request))
    return *answer;
  if (request.path != "/shipments")
    return {.status = 404, .body = R"({"error":"no such page"})"};
  if (request.method != "POST")
    return {.status = 405,
            .body = R"({"error":"this page takes another method"})",
            .allow = "POST"};
  try {
    input in{request.body};
    auto order_id = in.number("order_id", 1, INT64_MAX);
    auto seal = digest(request.request_id + "/" + std::to_string(order_id));
    nlohmann::json body{{"tracking", "P" + seal.substr(0, 12)},
                        {"days", 1 + seal.back() % 5}};
    return {.status = 200, .body = body.dump()};
  } catch (const api_error& e) {
    auto reply = refusal(e);
    return {.status = reply.status, .body = reply.body};
  }
}

} // namespace storefront
