// The load test in the four compartments of a shop, in virtual time: 100
// requests from 50 clients at once.

#include "actors/gate/gate_fixture.hpp"
#include "shop.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace bulwark;
using namespace compartments;
using namespace std::chrono_literals;

namespace {

class shop {
public:
  shop() : manager(fixture.rig.system(), {.now = [] { return wall_time{}; }}) {
    for (const auto& [name, size] : compartment_sizes) {
      bulkhead_options options;
      options.capacity = size;
      REQUIRE_FALSE(manager.add(fixture.bulkhead(name, options)));
    }
    for (const auto& [service, compartment] : compartment_of) {
      REQUIRE_FALSE(manager.assign(service, compartment));
      test::service_plan plan;
      plan.bulkhead = manager.find(compartment);
      gates[service] =
        fixture.serve(service, make_replica_factory(shop_service), plan)
          .handle();
    }
  }

  ~shop() {
    manager.stop();
    fixture.rig.run();
  }

  load_report run(const std::vector<user_request>& requests, size_t clients) {
    auto load = fixture.rig.system().spawn(load_test, gates, requests, clients);
    auto report = fixture.ask<load_report>(load, run_load{});
    fixture.rig.advance(2min);
    REQUIRE(report->value);
    return *report->value;
  }

  test::gate_fixture fixture;
  bulkhead_manager manager;
  std::map<std::string, caf::actor> gates;
};

void check(const user_result& each) {
  const auto& [request, answer] = each;
  CAPTURE(request.id, request.type, answer.status, answer.text);
  if (answer.status == "success") {
    CHECK_FALSE(request.fails);
    CHECK(answer.text
          == "Processed " + request.type + " for user " + request.user);
    CHECK(answer.processing_time == request.work);
    CHECK(answer.bulkhead_used == compartment_of.at(request.type));
  } else if (answer.status == "service_error") {
    CHECK(request.fails);
    CHECK_THAT(answer.text,
               Catch::Contains("Service error in " + request.type));
  } else {
    CHECK(answer.status == "resource_exhausted");
    CHECK(answer.text
          == "Resource pool " + compartment_of.at(request.type) + " exhausted");
    CHECK(answer.pool_utilization == 100.0);
  }
}

std::set<int> ids_of(const load_report& report) {
  std::set<int> result;
  for (const auto& each : report.results)
    result.insert(each.request.id);
  return result;
}

} // namespace

TEST_CASE("every request of the load test has one answer of its kind",
          "[load]") {
  auto seed = GENERATE(range<uint64_t>(1, 21));
  CAPTURE(seed);
  shop it;
  auto report = it.run(some_requests(seed, 100), 50);
  CHECK(report.results.size() == 100);
  CHECK(ids_of(report).size() == 100);
  for (const auto& each : report.results)
    check(each);
  CHECK(report.count("success") + report.count("resource_exhausted")
          + report.count("service_error")
        == 100);

  auto health = it.manager.health();
  CHECK(health.average_utilization == 0.0);
  uint64_t asked = 0;
  uint64_t refused = 0;
  for (const auto& [name, pool] : health.pool_details()) {
    asked += pool.usage_stats.total_requests;
    refused += pool.usage_stats.refusals;
    CHECK(pool.usage_stats.timeouts == 0);
    CHECK(pool.usage_stats.peak_usage <= pool.max_size);
  }
  CHECK(asked == 100);
  CHECK(refused == report.count("resource_exhausted"));
}

TEST_CASE("a compartment that is full turns away only its own", "[load]") {
  shop it;
  std::vector<user_request> requests;
  for (int i = 0; i < 100; ++i)
    requests.push_back({i, i % 4 ? "analytics_reporting" : "product_catalog",
                        "user", 1s, false});
  auto report = it.run(requests, 50);
  for (const auto& each : report.results)
    check(each);
  // Whoever is refused takes the next request at once.
  CHECK(report.count("resource_exhausted") > 0);
  for (const auto& [request, answer] : report.results)
    if (request.type == "product_catalog")
      CHECK(answer.status == "success");
  CHECK(it.manager.stats("background_services")->usage.peak_usage == 10);
}

TEST_CASE("the same seed gives the same requests", "[load]") {
  auto one = some_requests(7, 1000);
  auto two = some_requests(7, 1000);
  auto failing = 0;
  for (size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].type == two[i].type);
    CHECK(one[i].work == two[i].work);
    CHECK(one[i].work >= 100ms);
    CHECK(one[i].work <= 2s);
    failing += one[i].fails;
  }
  CHECK(failing > 70);
  CHECK(failing < 130);
}
