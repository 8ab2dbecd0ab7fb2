#include "docs/pages/services.hpp"

#include <iostream>

// The code of docs/bulkheads.md and docs/limits.md.

using namespace bulwark;
using namespace std::chrono_literals;

namespace pages {

namespace {

void work() {}

} // namespace

void two_compartments(node& node) {
  node.bulkhead("critical_services", {.capacity = 20,
                                      .reserved_for_critical = 2,
                                      .importance = call_priority::critical});
  node.bulkhead("external_apis",
                {.capacity = 15, .queue = 30, .queue_timeout = 500ms});

  node.service("payment_processing", payments).bulkhead("critical_services");
  node.service("user_authentication", users).bulkhead("critical_services");
  node.service("third_party_apis", partners).bulkhead("external_apis");
}

void a_rate(node& node) {
  node.bulkhead("partner_api", {.kind = bulkhead_kind::rate_limit,
                                .capacity = 50,
                                .adaptive = adaptive_options{.min = 5},
                                .rate = rate_options{.rate = 100, .burst = 20},
                                .rate_wait = 200ms});
}

void blocking_and_computing(node& node) {
  node.bulkhead("external_apis",
                {.capacity = 15, .queue = 150, .queue_timeout = 1s});
  node.cpu_quota("reports", {.quota = 20ms, .period = 100ms});

  // Sleeps, waits for sockets, SQL.
  node.service("third_party_apis", partners)
    .bulkhead("external_apis")
    .replicas(15)
    .blocking()
    .timeout(2s);
  // Computes, maybe for ever.
  node.service("monthly", monthly)
    .bulkhead("external_apis")
    .replicas(15)
    .cpu_quota("reports");
}

void a_quota(node& node) {
  node.cpu_quota("reports", {.quota = 20ms, .period = 100ms});
  node.service("monthly", monthly).cpu_quota("reports");
}

void several_at_once(node& node) {
  auto got = node.bulkheads().allocate(
    "order_service",
    {{"web_threads", 10}, {"db_connections", 5}, {"cache_memory", 100}});
  if (!got)
    std::cerr << bulwark::describe(got.error()) << '\n';
  // web_threads: 10 wanted, 0 free of 20; order_service was allocated nothing
  // of 3 resources
}

void permits_by_hand(caf::event_based_actor* self, const caf::actor& pool) {
  self->request(pool, 1s, acquire_permits{.amount = 2, .wait = 500ms})
    .then([=](const permit& got) {
      work();
      self->send(pool, release_permits{got.id});
    });
}

void by_hand(node& node) {
  node.resize("web_threads", 40).get();
  node.isolate("web_threads", isolation::normal, "partner is slow").get();
  node.drain_bulkhead("web_threads", "upgrade").get();
  node.isolate("web_threads", isolation::none, "done").get();
}

void shedding(node& node) {
  node.load_shedding(); // or with limits of its own, load_shedding_options
}

void who_holds(caf::event_based_actor* self, node& node) {
  self
    ->request(node.bulkheads().handle(), 1s, at_bulkhead{"cache_memory"},
              held_allocations_request{})
    .then([](const held_allocations& all) {
      for (const auto& each : all.allocations)
        std::cout << each.allocation_id << ": " << each.size_mb << " MB since "
                  << to_text(each.allocated_at) << '\n';
    });
  // order_service_allocated: 100 MB since 2026-11-21T19:30:00.123Z
}

} // namespace pages
