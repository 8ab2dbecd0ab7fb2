#include "demo/workload.hpp"

#include "services/names.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>

using namespace storefront;

TEST_CASE("a customer does the same for the same seed and number", "[demo]") {
  workload first{7, 3};
  workload same{7, 3};
  workload other_seed{8, 3};
  workload other_customer{7, 4};
  int differ = 0;
  for (int i = 0; i < 200; ++i) {
    auto request = first.next();
    CHECK(request == same.next());
    differ += request.fields != other_seed.next().fields ? 1 : 0;
    differ += request.fields != other_customer.next().fields ? 1 : 0;
  }
  CHECK(differ > 200);
}

TEST_CASE("the load reaches all services with valid bodies and own ids",
          "[demo]") {
  std::set<std::string> services;
  std::set<std::string> ids;
  for (uint32_t number = 1; number <= 3; ++number) {
    workload plan{1, number};
    for (int i = 0; i < 100; ++i) {
      auto request = plan.next();
      services.insert(request.service);
      CHECK(ids.insert(request.request_id).second);
      auto body = nlohmann::json::parse(body_of(request, "secret"));
      CHECK(body.contains("token") == request.needs_token);
      CHECK(body.contains("reference") == (request.leaves != effect::none));
    }
  }
  CHECK(services
        == std::set<std::string>{service_names.begin(), service_names.end()});
}
