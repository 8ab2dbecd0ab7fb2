#include "actors/bulkhead/manager_fixture.hpp"

#include <bulwark/pool/memory_pool.hpp>

#include <catch2/catch.hpp>

// A pool is managed like any other bulkhead.

using namespace bulwark;
using test::manager_fixture;

TEST_CASE("a service's memory is taken from what was allocated to it",
          "[manager][memory]") {
  manager_fixture fixture;
  memory_pool memory{fixture.rig.system(), "cache_memory", 500};
  REQUIRE_FALSE(fixture.manager.add(memory.compartment()));
  REQUIRE(fixture.manager.allocate("orders", {{"cache_memory", 100}}));
  auto orders = memory.account({.consumer = "orders"});
  auto users = memory.account({.consumer = "users"});
  {
    auto first = orders.lease(60);
    auto second = orders.lease(40);
    CHECK(fixture.use_of("cache_memory") == 100);
    auto beyond = orders.lease(1);
    CHECK(fixture.use_of("cache_memory") == 101);
    CHECK_THROWS_AS(users.lease(400), memory_exhausted);
    auto rest = users.lease(399);
    CHECK(fixture.use_of("cache_memory") == 500);
    auto refused = fixture.manager.allocate("mails", {{"cache_memory", 1}});
    CHECK(describe(refused.error())
          == "cache_memory: 1 wanted, 0 free of 500; mails was allocated "
             "nothing of 1 resources");
  }
  CHECK(fixture.use_of("cache_memory") == 100);
  auto health = fixture.manager.health();
  CHECK(health.bulkhead_details.at("cache_memory").kind
        == bulkhead_kind::memory_pool);
  REQUIRE(fixture.manager.release("orders"));
  CHECK(fixture.use_of("cache_memory") == 0);
  memory.stop();
}
