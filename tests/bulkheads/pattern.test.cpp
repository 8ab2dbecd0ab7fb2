// The demo of the bulkhead pattern, with real gates and in virtual time: 20
// threads, 15 connections and 500 MB, of which each service wants 10, 5 and
// 100; ten requests; a greedy service; release; trends.

#include "actors/gate/gate_fixture.hpp"
#include "pattern_service.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/bulkhead_refusal.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using compartments::pattern_answer;
using compartments::pattern_request;

namespace {

const std::vector<std::string> services{"user_service", "order_service",
                                        "analytics_service"};

class demo {
public:
  explicit demo(uint64_t threads)
    : manager_(fixture.rig.system(), {.now = [this] {
                 return wall_time{
                   std::chrono::duration_cast<std::chrono::microseconds>(
                     fixture.rig.now().time_since_epoch())};
               }}) {
    add("web_threads", bulkhead_kind::thread_pool, threads);
    add("db_connections", bulkhead_kind::connection_pool, 15);
    add("cache_memory", bulkhead_kind::memory_pool, 500);
    for (const auto& service : services)
      start(service);
  }

  ~demo() {
    manager_.stop();
    fixture.rig.run();
  }

  /// Ten requests, the services in turn; returns who was asked with what came
  /// of it.
  std::vector<std::pair<std::string, test::reply<pattern_answer>>>
  ten_requests() {
    std::vector<std::pair<std::string, test::reply<pattern_answer>>> result;
    for (int i = 0; i < 10; ++i) {
      const auto& service = services[static_cast<size_t>(i) % services.size()];
      auto reply =
        fixture.ask<pattern_answer>(gates_.at(service), pattern_request{i + 1});
      fixture.rig.advance(200ms);
      result.emplace_back(service, *reply);
    }
    return result;
  }

  /// Asks as a client of the pattern does.
  std::shared_ptr<const test::reply<pattern_answer>>
  request(const std::string& service, const pattern_request& what) {
    return fixture.ask<pattern_answer>(gates_.at(service), what);
  }

  const bulkhead_manager& manager() const { return manager_; }
  const std::map<std::string, caf::error>& allocated() const {
    return allocated_;
  }

  test::gate_fixture fixture;

private:
  void add(const std::string& name, bulkhead_kind kind, uint64_t capacity) {
    bulkhead_options options;
    options.kind = kind;
    options.capacity = capacity;
    REQUIRE_FALSE(manager_.add(fixture.bulkhead(name, options)));
  }

  void start(const std::string& service) {
    auto got = manager_.allocate(service, compartments::resource_requirements);
    allocated_[service] = got ? caf::error{} : got.error();
    test::service_plan plan;
    plan.replicas = 2;
    plan.bulkhead = manager_.find("web_threads");
    REQUIRE_FALSE(manager_.assign(service, "web_threads"));
    gates_[service] =
      fixture
        .serve(
          service,
          make_class_factory<compartments::pattern_service>(service, manager_),
          plan)
        .handle();
  }

  bulkhead_manager manager_;
  std::map<std::string, caf::error> allocated_;
  std::map<std::string, caf::actor> gates_;
};

void release_all(const demo& which) {
  for (const auto& service : services)
    static_cast<void>(which.manager().release(service));
}

} // namespace

TEST_CASE("with 20 threads the third service and its requests are refused",
          "[demo]") {
  demo it{20};
  CHECK_FALSE(it.allocated().at("user_service"));
  CHECK_FALSE(it.allocated().at("order_service"));
  CHECK(describe(it.allocated().at("analytics_service"))
        == "web_threads: 10 wanted, 0 free of 20; analytics_service was "
           "allocated nothing of 3 resources");

  int succeeded = 0;
  for (const auto& [service, reply] : it.ten_requests()) {
    CAPTURE(service);
    if (service == "analytics_service") {
      CHECK(reply.code() == errc::bulkhead_full);
      auto refusal = refusal_of(reply.error);
      REQUIRE(refusal);
      CHECK(refusal->bulkhead == "web_threads");
      CHECK(refusal->utilization == 100.0);
      continue;
    }
    REQUIRE(reply.value);
    CHECK(reply.value->status == "success");
    CHECK(reply.value->service == service);
    CHECK(reply.value->processing_time == 100ms);
    ++succeeded;
  }
  CHECK(succeeded == 7);

  auto health = it.manager().health();
  CHECK(health.healthy == 2);
  CHECK(health.exhausted == 1);
  CHECK(health.active_services == 2);
  CHECK(health.overall_health_score == Approx(66.667).epsilon(0.001));
  auto use = [&](const char* name) {
    return health.bulkhead_details.at(name).current_usage;
  };
  // Work drew on what was allocated and was not charged again.
  CHECK(use("web_threads") == 20);
  CHECK(use("db_connections") == 10);
  CHECK(use("cache_memory") == 200);
  CHECK(health.bulkhead_details.at("db_connections").usage.total_requests == 7);
}

TEST_CASE("the greedy service is refused, and all is well after release",
          "[demo]") {
  demo it{20};
  auto greedy = it.manager().allocate(
    "greedy_service",
    {{"web_threads", 15}, {"db_connections", 12}, {"cache_memory", 200}});
  REQUIRE_FALSE(greedy);
  CHECK(describe(greedy.error())
        == "db_connections: 12 wanted, 5 free of 15; greedy_service was "
           "allocated nothing of 3 resources");
  CHECK(it.manager().health().active_services == 2);
  release_all(it);
  auto health = it.manager().health();
  CHECK(health.overall_health_score == 100.0);
  CHECK(health.average_utilization == 0.0);
  CHECK(health.active_services == 0);
}

TEST_CASE("with 40 threads all three services are admitted", "[demo]") {
  demo it{40};
  for (const auto& [service, why] : it.allocated())
    CHECK_FALSE(why);
  for (const auto& [service, reply] : it.ten_requests()) {
    CAPTURE(service);
    REQUIRE(reply.value);
    CHECK(reply.value->status == "success");
  }
  auto health = it.manager().health();
  CHECK(health.active_services == 3);
  CHECK(health.bulkhead_details.at("web_threads").utilization_percent == 75.0);
  CHECK(health.bulkhead_details.at("db_connections").utilization_percent
        == 100.0);
  release_all(it);
  CHECK(it.manager().health().overall_health_score == 100.0);
}

TEST_CASE("an answer holds what the document says", "[demo]") {
  demo it{20};
  auto reply = it.request("user_service", pattern_request{7});
  it.fixture.rig.advance(200ms);
  REQUIRE(reply->value);
  const auto& answer = *reply->value;
  CHECK(answer.status == "success");
  CHECK(answer.service == "user_service");
  CHECK(answer.request_id == 7);
  CHECK(answer.processing_time == 100ms);
  CHECK(answer.db_result.query == "SELECT * FROM table WHERE id = 7");
  CHECK(answer.db_result.result
        == "Result for SELECT * FROM table WHERE id = 7");
  CHECK(answer.db_result.execution_time == 100ms);
  CHECK_THAT(answer.db_result.connection_id,
             Catch::StartsWith("db_connections_conn_"));
  CHECK(answer.db_result.error.empty());
  CHECK(answer.resources_used
        == compartments::resource_map{{"cache_memory", true},
                                      {"db_connections", true},
                                      {"web_threads", true}});
  CHECK(answer.allocated_resources.empty());
}

TEST_CASE("a request without a connection is answered without a result",
          "[demo]") {
  demo it{20};
  // All that is free, and what the service was allocated.
  auto taken = it.fixture.ask<permit>(
    it.manager().handle(), at_bulkhead{"db_connections"}, acquire_permits{5});
  acquire_permits own{5};
  own.consumer = "user_service";
  auto its = it.fixture.ask<permit>(it.manager().handle(),
                                    at_bulkhead{"db_connections"}, own);
  REQUIRE(taken->value);
  REQUIRE(its->value);
  auto reply = it.request("user_service", pattern_request{7});
  it.fixture.rig.advance(200ms);
  REQUIRE(reply->value);
  CHECK(reply->value->status == "success");
  CHECK(reply->value->db_result.error == "No database connection available");
  CHECK(reply->value->db_result.connection_id.empty());
}

TEST_CASE("a service that lacks resources is not asked", "[demo]") {
  demo it{20};
  CHECK_FALSE(compartments::refuse_unallocated(it.manager(), "user_service"));
  auto refused =
    compartments::refuse_unallocated(it.manager(), "analytics_service");
  REQUIRE(refused);
  CHECK(refused->status == "error");
  CHECK(refused->message == "Insufficient resources allocated");
  CHECK(refused->allocated_resources
        == compartments::resource_map{{"cache_memory", false},
                                      {"db_connections", false},
                                      {"web_threads", false}});
}

TEST_CASE("a request that takes longer than five seconds has timed out",
          "[demo]") {
  demo it{20};
  auto reply = it.request("user_service", pattern_request{7, 6s});
  it.fixture.rig.advance(5s + 10ms);
  auto answer = compartments::answer_of(reply->error);
  CHECK(answer.status == "timeout");
  CHECK(answer.message == "Request timed out");
  it.fixture.rig.advance(2s);
}

TEST_CASE("a request that finds no thread is an error that says so", "[demo]") {
  demo it{20};
  auto reply = it.request("analytics_service", pattern_request{7});
  auto answer = compartments::answer_of(reply->error);
  CHECK(answer.status == "error");
  CHECK(answer.message == "No threads available");
}
