#include "front/route.hpp"

#include "services/names.hpp"

#include <bulwark/http/message.hpp>

#include <algorithm>

namespace storefront {

namespace {

constexpr std::string_view api_prefix = "/api/";

route to_service(page to, const std::string& name) {
  bool known = std::find(service_names.begin(), service_names.end(), name)
               != service_names.end();
  return known ? route{.to = to, .service = name} : route{};
}

route by_path(std::string_view path, std::string_view query, bool chaos) {
  if (path.starts_with(api_prefix))
    return to_service(page::api, std::string{path.substr(api_prefix.size())});
  if (path == "/health")
    return {.to = page::health};
  if (path == "/health/live")
    return {.to = page::live};
  if (path == "/health/ready")
    return {.to = page::ready};
  if (path == "/chaos/crash" && chaos)
    return to_service(page::crash,
                      bulwark::query_value(query, "service").value_or(""));
  return {};
}

} // namespace

route find_route(std::string_view method, std::string_view path,
                 std::string_view query, bool chaos) {
  auto found = by_path(path, query, chaos);
  if (found.to == page::not_found)
    return found;
  bool posted = found.to == page::api || found.to == page::crash;
  bool fits = posted ? method == "POST" : method == "GET" || method == "HEAD";
  if (fits)
    return found;
  return {.to = page::wrong_method, .allow = posted ? "POST" : "GET, HEAD"};
}

} // namespace storefront
