#include "actors/gate/gate_fixture.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/pool/memory_pool.hpp>

#include <catch2/catch.hpp>

#include <memory_resource>
#include <numeric>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;
using test::service_plan;

namespace {

memory_pool pool_of(gate_fixture& fixture, uint64_t bytes,
                    bulkhead_options options = {}) {
  options.kind = bulkhead_kind::memory_pool;
  options.capacity = bytes;
  return memory_pool{fixture.bulkhead("ram", options)};
}

/// Sums 0 .. n-1, in memory of its account.
caf::behavior summer(caf::event_based_actor*, const memory_account& account) {
  return {[=](int n) {
    std::pmr::vector<int> all{&account.resource()};
    for (int i = 0; i < n; ++i)
      all.push_back(i);
    return std::accumulate(all.begin(), all.end(), 0);
  }};
}

service_plan resuming() {
  service_plan plan;
  plan.on_failure = {{"bulwark::memory_exhausted", failure_directive::resume}};
  return plan;
}

} // namespace

TEST_CASE("containers take no more than the pool has, and give all back",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  auto account = pool.account({.consumer = "images"});
  {
    std::pmr::vector<char> image(900, 'x', &account.resource());
    CHECK(account.used() == 900);
    CHECK(pool.compartment().core()->use() == 900);
    std::pmr::string text{&account.resource()};
    CHECK_THROWS_WITH(text.assign(200, 'x'),
                      "ram: 201 bytes for images are not free; 900 of 1000 are "
                      "in use");
    // What it did not get it does not have.
    CHECK(text.empty());
    text.assign(50, 'x');
    CHECK(account.used() > 950);
  }
  CHECK(account.used() == 0);
  CHECK(account.peak() > 950);
  CHECK(account.refused() == 1);
  CHECK(pool.compartment().core()->use() == 0);
}

TEST_CASE("an account has a limit of its own, others have the rest",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  auto small = pool.account({.consumer = "small", .limit = 100});
  auto large = pool.account({.consumer = "large"});
  auto held = small.lease(100);
  CHECK_THROWS_WITH(small.lease(1), "ram: 1 bytes for small are not free; 100 "
                                    "of 100 are in use");
  auto rest = large.lease(900);
  CHECK_THROWS_AS(large.lease(1), memory_exhausted);
  held.give_back();
  held.give_back();
  CHECK_NOTHROW(large.lease(100));
  rest = memory_lease{};
  CHECK(pool.compartment().core()->use() == 0);
}

TEST_CASE("a failed charge leaves nothing behind", "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  auto account = pool.account(
    {.consumer = "images", .upstream = std::pmr::null_memory_resource()});
  CHECK_THROWS_AS(account.resource().allocate(10), std::bad_alloc);
  CHECK(account.used() == 0);
  CHECK_THROWS_AS(account.lease(5000), memory_exhausted);
  CHECK(account.used() == 0);
  CHECK(pool.compartment().core()->use() == 0);
}

TEST_CASE("what is reserved for critical work goes to that alone",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000, {.reserved_for_critical = 400});
  auto images = pool.account({.consumer = "images"});
  auto orders =
    pool.account({.consumer = "orders", .priority = call_priority::critical});
  auto held = images.lease(600);
  CHECK_THROWS_AS(images.lease(1), memory_exhausted);
  CHECK_NOTHROW(orders.lease(400));
}

TEST_CASE("an isolated pool gives nothing, and takes everything back",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  auto account = pool.account({.consumer = "images"});
  auto held = account.lease(500);
  caf::anon_send(pool.compartment().handle(), isolate_bulkhead{});
  fixture.rig.run();
  CHECK_THROWS_AS(account.lease(1), memory_exhausted);
  held.give_back();
  CHECK(pool.compartment().core()->use() == 0);
  caf::anon_send(pool.compartment().handle(),
                 isolate_bulkhead{isolation::none, ""});
  fixture.rig.run();
  CHECK_NOTHROW(account.lease(1));
}

TEST_CASE("a request that needs more than its service has fails alone",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 10'000);
  auto greedy = pool.account({.consumer = "greedy", .limit = 6'000});
  auto modest = pool.account({.consumer = "modest"});
  auto& one =
    fixture.serve("greedy", make_replica_factory(summer, greedy), resuming());
  auto& two =
    fixture.serve("modest", make_replica_factory(summer, modest), resuming());
  client ada{fixture.rig};
  for (int i = 0; i < 20; ++i) {
    auto fits = ada.asks<int>(one.gate.handle(), 100);
    auto too_much = ada.asks<int>(one.gate.handle(), 1'000'000);
    auto neighbour = ada.asks<int>(two.gate.handle(), 100);
    CHECK(fits->value == 4950);
    CHECK(neighbour->value == 4950);
    CHECK(describe(too_much->error).starts_with("bulwark::memory_exhausted: "));
  }
  CHECK(greedy.peak() <= 6'000);
  CHECK(greedy.refused() == 20);
  CHECK(modest.refused() == 0);
  CHECK(pool.compartment().core()->use() == 0);
  CHECK(fixture.all(event_kind::child_failed).empty());
}

TEST_CASE("bytes that an actor holds come back when it dies", "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  auto account = pool.account({.consumer = "images"});
  auto holder = fixture.rig.system().spawn([&](caf::event_based_actor* self) {
    self
      ->request(pool.compartment().handle(), caf::infinite,
                acquire_permits{.amount = 800})
      .then([](const permit&) {});
    return caf::behavior{[](int) {}};
  });
  fixture.rig.run();
  CHECK_THROWS_AS(account.lease(300), memory_exhausted);
  caf::anon_send_exit(holder, caf::exit_reason::kill);
  fixture.rig.run();
  CHECK_NOTHROW(account.lease(1000));
}

TEST_CASE("an account that cannot be is refused with field, value and rule",
          "[memory_pool]") {
  gate_fixture fixture;
  auto pool = pool_of(fixture, 1000);
  CHECK_THROWS_WITH(pool.account({}),
                    "memory_account.consumer is \"\"; it must be a name");
  CHECK_THROWS_WITH(pool.account({.consumer = "x", .limit = 0}),
                    "memory_account.limit is 0; it must be at least 1 and at "
                    "most 1000");
  CHECK_THROWS_AS(pool.account({.consumer = "x", .limit = 1001}),
                  std::invalid_argument);
  auto& sys = fixture.rig.system();
  CHECK_THROWS_AS((memory_pool{sys, "ram", 0}), std::invalid_argument);
}
