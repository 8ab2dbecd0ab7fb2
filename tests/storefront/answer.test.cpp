#include "front/answer.hpp"

#include "services/gate_error.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/sec.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storefront;
using namespace std::chrono_literals;
using bulwark::errc;
using nlohmann::json;

TEST_CASE("an answer has status, time and service beside its own fields",
          "[storefront]") {
  auto response = to_response("product_catalog", {200, R"({"a":1})"}, 1500ms);
  CHECK(response.status == 200);
  CHECK(response.retry_after == std::nullopt);
  CHECK(json::parse(response.body)
        == json{{"status", "success"},
                {"processing_time", 1.5},
                {"service", "product_catalog"},
                {"a", 1}});
}

TEST_CASE("an answer that is not JSON is still answered as JSON",
          "[storefront]") {
  auto response = to_response("x", {503, "\xff"}, 0ms);
  CHECK(json::parse(response.body)["status"] == "unavailable");
  CHECK(response.retry_after == 1u);
}

TEST_CASE("an error text is answered as JSON, whatever it holds",
          "[storefront]") {
  auto response = to_response("x", {500, error_body("a\"\xff\n")}, 0ms);
  CHECK(json::parse(response.body)["error"].get<std::string>().size() > 3);
}

TEST_CASE("each error of a gate has its HTTP status", "[storefront]") {
  auto [code, status] = GENERATE(table<errc, int>({
    {errc::service_crashed, 500},  {errc::timed_out, 504},
    {errc::unreachable, 503},      {errc::service_failed, 503},
    {errc::service_hung, 503},     {errc::replica_lost, 503},
    {errc::stopped, 503},          {errc::draining, 503},
    {errc::stash_full, 503},       {errc::stash_expired, 503},
    {errc::too_many_hops, 500},    {errc::too_many_requests, 429},
    {errc::not_supported, 500},    {errc::no_such_service, 503},
    {errc::invalid_option, 500},   {errc::bulkhead_full, 503},
    {errc::bulkhead_timeout, 503}, {errc::bulkhead_isolated, 503},
    {errc::rate_limited, 429},
  }));
  CHECK(status_of(bulwark::make_error(code, "why")) == status);
}

TEST_CASE("other errors have an HTTP status as well", "[storefront]") {
  CHECK(status_of(caf::sec::request_timeout) == 504);
  CHECK(status_of(caf::sec::unexpected_message) == 500);
  CHECK(status_of(caf::error{}) == 500);
}

TEST_CASE("who is turned away is told when to come back", "[storefront]") {
  for (int status : {200, 400, 404, 500, 504})
    CHECK(to_response("x", {status, "{}"}, 0ms).retry_after == std::nullopt);
  for (int status : {429, 503})
    CHECK(to_response("x", {status, "{}"}, 0ms).retry_after == 1u);
}
