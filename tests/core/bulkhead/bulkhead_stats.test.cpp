#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr auto start = time_point{} + 1h;

permit_ticket ticket(uint64_t id, consumer_account& account,
                     uint64_t amount = 1) {
  permit_ticket result;
  result.key = {1, id};
  result.consumer = account.number;
  result.amount = amount;
  result.since = start;
  result.expires = start + 1s;
  return result;
}

} // namespace

TEST_CASE("stats tell what a bulkhead is and what is in use of it",
          "[bulkhead][stats]") {
  permit_table table{{.kind = bulkhead_kind::memory_pool,
                      .capacity = 20,
                      .reserved_for_critical = 2}};
  auto quiet = stats_of("cache_memory", table);
  CHECK(quiet.name == "cache_memory");
  CHECK(quiet.kind == bulkhead_kind::memory_pool);
  CHECK(quiet.max_capacity == 20);
  CHECK(quiet.reserved_for_critical == 2);
  CHECK(quiet.available_capacity == 20);
  CHECK(quiet.state == bulkhead_state::available);
  CHECK(quiet.allocations.empty());

  permit_table::sources changed;
  auto& orders = *table.account("orders", false);
  auto& users = *table.account("users", false);
  table.account("nobody", false);
  table.ask(ticket(1, orders, 12), false, start, changed);
  table.ask(ticket(2, users, 4), false, start, changed);
  auto busy = stats_of("cache_memory", table);
  CHECK(busy.current_usage == 16);
  CHECK(busy.available_capacity == 4);
  CHECK(busy.utilization_percent == 80.0);
  CHECK(busy.state == bulkhead_state::degraded);
  CHECK(busy.health == bulkhead_health::degraded);
  CHECK(busy.active_consumers == 2);
  CHECK(busy.allocations
        == std::map<std::string, uint64_t>{{"orders", 12}, {"users", 4}});

  CHECK_FALSE(table.resize(10, 0, start, changed));
  auto shrunk = stats_of("cache_memory", table);
  CHECK(shrunk.available_capacity == 0);
  CHECK(shrunk.utilization_percent == 160.0);
}

TEST_CASE("what is set aside is told once, as an allocation",
          "[bulkhead][stats]") {
  permit_table table{{.capacity = 20}};
  permit_table::sources changed;
  auto& orders = *table.account("orders", true);
  REQUIRE(table.allot(orders, 10, start, changed));
  table.ask(ticket(1, orders, 4), false, start, changed);
  auto stats = stats_of("web_threads", table);
  CHECK(stats.current_usage == 10);
  CHECK(stats.allocations.at("orders") == 10);
  CHECK(stats.active_consumers == 1);
  table.ask(ticket(2, orders, 7), false, start, changed);
  CHECK(stats_of("web_threads", table).allocations.at("orders") == 11);
}

TEST_CASE("whoever asked is counted in one place", "[bulkhead][stats]") {
  permit_table table{{.capacity = 1,
                      .queue = 4,
                      .queue_timeout = 1s,
                      .overflow = overflow_policy::drop_oldest}};
  permit_table::sources changed;
  auto& account = *table.account("orders", false);
  // 1 is granted, 2 gives way to 6, 3 waits and is granted, 4 leaves, 5 waits
  // in vain, 6 is turned away by an isolation, 7 waits.
  for (uint64_t i = 1; i <= 6; ++i)
    table.ask(ticket(i, account), false, start, changed);
  table.give(account.number, 1, 0, start + 20ms);
  table.forget({1, 4}, start + 30ms, permit_table::parting::withdrawn);
  table.forget({1, 5}, start + 1s);
  table.isolate(isolation::normal, false, start + 1s);
  auto late = ticket(7, account);
  late.priority = call_priority::critical;
  table.ask(late, false, start + 1s, changed);

  auto stats = stats_of("orders", table);
  CHECK(stats.usage.successful_acquisitions == 2);
  CHECK(stats.usage.dropped == 1);
  CHECK(stats.usage.withdrawn == 1);
  CHECK(stats.usage.timeouts == 1);
  CHECK(stats.usage.isolated == 1);
  CHECK(stats.usage.refusals == 0);
  CHECK(stats.queue_length == 1);
  CHECK(stats.usage.total_requests == 7);
  CHECK(stats.usage.peak_usage == 1);
  CHECK(stats.isolation == isolation::normal);
  CHECK(stats.wait_p50 > 19ms);
  CHECK(stats.wait_p99 < 21ms);
}

TEST_CASE("what is granted without the table is counted too",
          "[bulkhead][stats]") {
  permit_table table{{.capacity = 3}};
  auto& account = *table.account("orders", true);
  REQUIRE(table.counter().try_take(1, call_priority::normal));
  account.tally->took(1);
  auto stats = stats_of("orders", table);
  CHECK(stats.usage.total_requests == 1);
  CHECK(stats.usage.successful_acquisitions == 1);
  CHECK(stats.allocations.at("orders") == 1);
}
