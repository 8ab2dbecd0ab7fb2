// Every figure of both seeds' get_stats and get_system_health, under its name
// and with what their demos would show without their faults.

#include <bulwark/bulkhead/detail/permit_table.hpp>
#include <bulwark/bulkhead/system_health.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

constexpr auto noon = wall_time{} + std::chrono::hours{12};

const resource_amounts each_has{
  {"web_threads", 10}, {"db_connections", 5}, {"cache_memory", 100}};

/// 20 threads, 15 connections and 500 MB, as users and orders have them.
std::vector<bulkhead_stats> seeds_bulkheads() {
  std::vector<bulkhead_stats> result;
  auto add = [&](const char* name, bulkhead_kind kind, uint64_t capacity) {
    permit_table table{{.kind = kind, .capacity = capacity}};
    permit_table::sources changed;
    for (const auto* service : {"user_service", "order_service"})
      REQUIRE(table.allot(*table.account(service, false), each_has.at(name), {},
                          changed));
    result.push_back(stats_of(name, table));
  };
  add("web_threads", bulkhead_kind::thread_pool, 20);
  add("db_connections", bulkhead_kind::connection_pool, 15);
  add("cache_memory", bulkhead_kind::memory_pool, 500);
  return result;
}

system_health seeds_health() {
  return system_health_of(
    noon, seeds_bulkheads(),
    {{"user_service", each_has}, {"order_service", each_has}},
    {{"user_service", {"web_threads", "db_connections"}}});
}

bulkhead_stats of_capacity(const std::string& name, uint64_t use,
                           uint64_t capacity, double critical = 0.95) {
  bulkhead_stats result;
  result.name = name;
  result.max_capacity = capacity;
  result.current_usage = use;
  result.utilization_percent = utilization(use, capacity);
  result.health = health_of(result.utilization_percent);
  result.critical = critical;
  return result;
}

} // namespace

TEST_CASE("system health has every figure of the bulkhead manager",
          "[bulkhead][health]") {
  auto health = seeds_health();
  CHECK(health.timestamp == noon);
  CHECK(health.total_bulkheads == 3);
  CHECK(health.healthy == 2);
  CHECK(health.degraded == 0);
  CHECK(health.exhausted == 1);
  CHECK(health.overall_health_score == Approx(66.667).epsilon(0.001));
  CHECK(health.active_services == 2);
  CHECK(health.service_allocations
        == std::map<std::string, resource_amounts>{
          {"user_service", each_has}, {"order_service", each_has}});

  REQUIRE(health.bulkhead_details.size() == 3);
  const auto& threads = health.bulkhead_details.at("web_threads");
  CHECK(threads.name == "web_threads");
  CHECK(threads.max_capacity == 20);
  CHECK(threads.current_usage == 20);
  CHECK(threads.available_capacity == 0);
  CHECK(threads.utilization_percent == 100.0);
  CHECK(to_string(threads.state) == "exhausted");
  CHECK(threads.active_consumers == 2);
  CHECK(threads.allocations
        == resource_amounts{{"user_service", 10}, {"order_service", 10}});
  CHECK(to_string(threads.kind) == "thread_pool");

  const auto& connections = health.bulkhead_details.at("db_connections");
  CHECK(connections.current_usage == 10);
  CHECK(connections.available_capacity == 5);
  CHECK(connections.utilization_percent == Approx(66.667).epsilon(0.001));
  CHECK(to_string(connections.state) == "allocated");
  const auto& memory = health.bulkhead_details.at("cache_memory");
  CHECK(memory.utilization_percent == 40.0);
  CHECK(memory.available_capacity == 300);
}

TEST_CASE("system health has every figure of the pools", "[bulkhead][health]") {
  permit_table table{{.capacity = 2}};
  permit_table::sources changed;
  permit_ticket asks;
  asks.consumer = table.account("user_authentication", false)->number;
  for (asks.key.id = 1; asks.key.id <= 3; ++asks.key.id)
    table.ask(asks, false, {}, changed);
  table.give(asks.consumer, 1, 0, {});
  auto health = system_health_of(
    noon, {stats_of("critical_services", table), of_capacity("idle", 0, 10)},
    {},
    {{"user_authentication", {"critical_services"}},
     {"payment_processing", {"critical_services"}}});

  CHECK(health.total_bulkheads == 2);
  CHECK(health.average_utilization == 25.0);
  CHECK(health.service_assignments
        == std::map<std::string, std::set<std::string>>{
          {"user_authentication", {"critical_services"}},
          {"payment_processing", {"critical_services"}}});
  auto pools = health.pool_details();
  REQUIRE(pools.size() == 2);
  const auto& pool = pools.at("critical_services");
  CHECK(pool.pool_name == "critical_services");
  CHECK(pool.max_size == 2);
  CHECK(pool.active_resources == 1);
  CHECK(pool.utilization_percentage == 50.0);
  CHECK(pool.usage_stats.total_requests == 3);
  CHECK(pool.usage_stats.successful_acquisitions == 2);
  // A refusal is not a timeout.
  CHECK(pool.usage_stats.timeouts == 0);
  CHECK(pool.usage_stats.refusals == 1);
  CHECK(pool.usage_stats.peak_usage == 2);
}

TEST_CASE("a node without bulkheads is healthy", "[bulkhead][health]") {
  auto health = system_health_of(noon, {}, {}, {});
  CHECK(health.total_bulkheads == 0);
  CHECK(health.overall_health_score == 100.0);
  CHECK(health.average_utilization == 0.0);
  CHECK(health.active_services == 0);
  CHECK(health.pool_details().empty());
  CHECK(health.alerts.empty());
}

TEST_CASE("the health of a bulkhead goes by its utilization",
          "[bulkhead][health]") {
  auto health =
    system_health_of(noon,
                     {of_capacity("a", 69, 100), of_capacity("b", 70, 100),
                      of_capacity("c", 89, 100), of_capacity("d", 90, 100),
                      of_capacity("e", 15, 10)},
                     {}, {});
  CHECK(health.healthy == 1);
  CHECK(health.degraded == 2);
  CHECK(health.exhausted == 2);
  CHECK(health.overall_health_score == 20.0);
}

TEST_CASE("alerts name who has reached the critical threshold",
          "[bulkhead][health]") {
  auto health = system_health_of(
    noon,
    {of_capacity("below", 94, 100), of_capacity("at", 95, 100),
     of_capacity("early", 50, 100, 0.5), of_capacity("empty", 0, 100)},
    {}, {});
  CHECK(health.alerts
        == std::map<std::string, double>{{"at", 95.0}, {"early", 50.0}});
}
