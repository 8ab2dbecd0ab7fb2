#include "external_api/client.hpp"
#include "storefront/partner_rig.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using external_api::client;
using external_api::parameters;

namespace {

client client_of(const ::test::partner_rig& partner, uint32_t failures = 3) {
  return {"127.0.0.1",
          partner.port(),
          {.timeout = 300ms, .breaker = {.failure_threshold = failures}},
          {}};
}

const parameters page_one{{"page", "1"}};

} // namespace

TEST_CASE("an API's answer has its data, time and parameters",
          "[external_api]") {
  ::test::partner_rig partner{""};
  auto api = client_of(partner);
  auto answer = api.make_api_call("/users/7", page_one);
  CHECK(answer.data == "Response from /users/7");
  CHECK(answer.params == page_one);
  CHECK(answer.timestamp > 1.7e9);
  CHECK_FALSE(answer.from_cache);
  CHECK_FALSE(answer.cache_timestamp);
  CHECK_FALSE(answer.fallback);
}

TEST_CASE("whatever the API does, there is an answer", "[external_api]") {
  auto bad = GENERATE("fail", "busy", "hang", "slow", "cut", "garbage");
  CAPTURE(bad);
  ::test::partner_rig partner{"well," + std::string{bad} + "*2"};
  auto api = client_of(partner);
  auto good = api.make_api_call("/users/1", page_one);
  auto kept = api.make_api_call("/users/1", page_one);
  CHECK(kept.data == good.data);
  CHECK(kept.timestamp == good.timestamp);
  CHECK(kept.params == page_one);
  CHECK(kept.from_cache);
  REQUIRE(kept.cache_timestamp);
  CHECK(*kept.cache_timestamp == Approx(good.timestamp).margin(1));
  auto other = api.make_api_call("/users/2", page_one);
  CHECK(other.data == "Fallback response for /users/2");
  CHECK(other.fallback);
  CHECK_FALSE(other.from_cache);
  CHECK(api.metrics().failure_count >= 1);
}

TEST_CASE("an API that fails is left alone, one that lacks a page is not",
          "[external_api]") {
  ::test::partner_rig partner{"well*5,fail*2"};
  auto api = client_of(partner, 2);
  for (int i = 0; i < 5; ++i)
    CHECK(api.make_api_call("/nowhere", {}).fallback);
  CHECK(api.metrics().state == breaker_state::closed);
  CHECK(api.metrics().total_calls == 0);
  for (int i = 0; i < 5; ++i)
    CHECK(api.make_api_call("/users/1", {}).fallback);
  CHECK(api.metrics().state == breaker_state::open);
  CHECK(api.metrics().total_calls == 2);
  CHECK(api.metrics().refused == 3);
}
