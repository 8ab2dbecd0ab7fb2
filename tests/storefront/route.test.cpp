#include "front/route.hpp"

#include "services/names.hpp"

#include <catch2/catch.hpp>

using namespace storefront;

TEST_CASE("every service has its page", "[storefront]") {
  for (auto name : service_names) {
    auto found = find_route("POST", "/api/" + std::string{name}, "", false);
    CHECK(found.to == page::api);
    CHECK(found.service == name);
  }
}

TEST_CASE("requests go to their pages", "[storefront]") {
  auto [method, path, query, chaos, to] =
    GENERATE(table<const char*, const char*, const char*, bool, page>({
      {"GET", "/health", "", false, page::health},
      {"HEAD", "/health", "", false, page::health},
      {"GET", "/health/live", "", false, page::live},
      {"GET", "/health/ready", "", false, page::ready},
      {"GET", "/", "", false, page::not_found},
      {"GET", "/health/", "", false, page::not_found},
      {"POST", "/api/nothing", "", false, page::not_found},
      {"POST", "/api/", "", false, page::not_found},
      {"GET", "/api/product_catalog", "", false, page::wrong_method},
      {"POST", "/health", "", false, page::wrong_method},
      {"POST", "/chaos/crash", "service=product_catalog", true, page::crash},
      {"GET", "/chaos/crash", "service=product_catalog", true,
       page::wrong_method},
      {"POST", "/chaos/crash", "service=nothing", true, page::not_found},
      {"POST", "/chaos/crash", "", true, page::not_found},
      {"POST", "/chaos/crash", "service=product_catalog", false,
       page::not_found},
    }));
  CAPTURE(method, path, query, chaos);
  CHECK(find_route(method, path, query, chaos).to == to);
}
