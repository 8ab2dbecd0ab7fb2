#include "partner/users.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

std::optional<bulwark::http_response>
answer_users(const bulwark::http_request& request) {
  if (!request.path.starts_with("/users/"))
    return std::nullopt;
  if (request.method != "GET")
    return bulwark::http_response{
      .status = 405,
      .body = R"({"error":"this page takes another method"})",
      .allow = "GET"};
  nlohmann::json body{{"data", "Response from " + request.path}};
  return bulwark::http_response{.status = 200, .body = body.dump()};
}

} // namespace storefront
