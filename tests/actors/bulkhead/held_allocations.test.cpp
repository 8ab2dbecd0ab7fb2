// Who holds what of a bulkhead, since when, and under which number.

#include "actors/bulkhead/manager_fixture.hpp"

#include <bulwark/pool/memory_pool.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::manager_fixture;

namespace {

class scene : public manager_fixture {
public:
  scene() {
    rig.advance(1h);
    add("cache_memory", {.kind = bulkhead_kind::memory_pool,
                         .capacity = 500,
                         .permit_bytes = 1'000'000});
  }

  held_allocations list(const std::string& name = "cache_memory") {
    return ask<held_allocations>(manager.find(name).handle(),
                                 held_allocations_request{});
  }

  /// Has an actor of that name take some.
  permit acquire(uint64_t amount, const std::string& consumer) {
    acquire_permits wanted{amount};
    wanted.consumer = consumer;
    caf::scoped_actor& self =
      *holders_.emplace_back(std::make_unique<caf::scoped_actor>(rig.system()));
    auto asked = self->request(manager.find("cache_memory").handle(),
                               caf::infinite, wanted);
    rig.run();
    permit result;
    asked.receive([&](const permit& got) { result = got; },
                  [](const caf::error& x) { FAIL(describe(x)); });
    return result;
  }

private:
  std::vector<std::unique_ptr<caf::scoped_actor>> holders_;
};

} // namespace

TEST_CASE("what actors and services hold is listed, the oldest first",
          "[manager][held]") {
  scene fixture;
  auto first = fixture.wall_now();
  auto images = fixture.acquire(10, "images");
  fixture.rig.advance(3s);
  REQUIRE(fixture.manager.allocate("orders", {{"cache_memory", 100}}));
  fixture.rig.advance(2s);
  auto got = fixture.list();
  CHECK(got.bulkhead == "cache_memory");
  CHECK(got.total == 2);
  CHECK(got.not_listed == 0);
  REQUIRE(got.allocations.size() == 2);
  CHECK(got.allocations[0]
        == held_allocation{"images_" + std::to_string(images.id), "images", 10,
                           10.0, first, 5s});
  CHECK(got.allocations[1]
        == held_allocation{"orders_allocated", "orders", 100, 100.0, first + 3s,
                           2s});
  REQUIRE(fixture.manager.release("orders"));
  CHECK(fixture.list().total == 1);
}

TEST_CASE("leases of memory are listed, containers are not",
          "[manager][held]") {
  scene fixture;
  memory_pool memory{
    fixture.rig.system(), "ram", 1'000'000'000, {}, fixture.monitor.events};
  REQUIRE_FALSE(fixture.manager.add(memory.compartment()));
  auto account = memory.account({.consumer = "thumbnails"});
  auto started = fixture.wall_now();
  {
    auto one = account.lease(2'500'000);
    fixture.rig.advance(1s);
    auto two = std::move(one);
    auto three = account.lease(7);
    std::pmr::vector<char> pixels(1000, 'x', &account.resource());
    auto got = fixture.list("ram");
    CHECK(got.total == 2);
    CHECK(got.not_listed == 1000);
    REQUIRE(got.allocations.size() == 2);
    CHECK(got.allocations[0]
          == held_allocation{"thumbnails_lease_1", "thumbnails", 2'500'000, 2.5,
                             started, 1s});
    CHECK(got.allocations[1].allocation_id == "thumbnails_lease_2");
    CHECK(got.allocations[1].amount == 7);
  }
  CHECK(fixture.list("ram").total == 0);
  memory.stop();
}

TEST_CASE("the list has an end, and says what is beyond it",
          "[manager][held]") {
  scene fixture;
  memory_pool memory{fixture.rig.system(), "ram", 1'000'000};
  REQUIRE_FALSE(fixture.manager.add(memory.compartment()));
  auto account = memory.account({.consumer = "thumbnails"});
  std::vector<memory_lease> leases;
  for (int i = 0; i < 1003; ++i)
    leases.push_back(account.lease(10));
  auto got = fixture.list("ram");
  CHECK(got.allocations.size() == held_allocations::listed_max);
  CHECK(got.total == 1003);
  CHECK(got.not_listed == 30);
  // Nobody tells it the time of the wall clock.
  CHECK(got.allocations[0].allocated_at == wall_time{});
  leases.clear();
  memory.stop();
}

TEST_CASE("a part that comes back leaves the rest as old as it was",
          "[manager][held]") {
  scene fixture;
  fixture.add("db", {.capacity = 10});
  caf::scoped_actor self{fixture.rig.system()};
  auto pool = fixture.manager.find("db").handle();
  auto asked = self->request(pool, caf::infinite, acquire_permits{4});
  fixture.rig.run();
  permit mine;
  asked.receive([&](const permit& got) { mine = got; },
                [](const caf::error& x) { FAIL(describe(x)); });
  fixture.rig.advance(5s);
  self->send(pool, release_permits{mine.id, 3});
  fixture.rig.run();
  auto got = fixture.list("db");
  REQUIRE(got.allocations.size() == 1);
  CHECK(got.allocations[0].amount == 1);
  CHECK(got.allocations[0].held_for == 5s);
  // Only memory has a size.
  CHECK(got.allocations[0].size_mb == 0.0);
}

TEST_CASE("samples can be switched off and on", "[manager][trends]") {
  scene fixture;
  fixture.rig.advance(20s);
  auto before = fixture.manager.trends(24)->metrics_count;
  CHECK(fixture.manager.monitoring_enabled());
  CHECK(before > 0);
  fixture.manager.set_monitoring(false);
  fixture.rig.advance(1min);
  CHECK(fixture.manager.trends(24)->metrics_count == before);
  CHECK(fixture.manager.trends(0.01)->message
        == "No recent metrics available; monitoring is switched off");
  CHECK(fixture.manager.health().total_bulkheads == 1);
  caf::scoped_actor self{fixture.rig.system()};
  auto asked = self->request(fixture.manager.handle(), caf::infinite,
                             set_monitoring{true});
  fixture.rig.run();
  asked.receive([] {}, [](const caf::error& x) { FAIL(describe(x)); });
  CHECK(fixture.manager.monitoring_enabled());
  fixture.rig.advance(20s);
  CHECK(fixture.manager.trends(24)->metrics_count == before + 2);
}

TEST_CASE("a manager may be made with samples switched off",
          "[manager][trends]") {
  manager_fixture fixture;
  bulkhead_manager quiet{
    fixture.rig.system(),
    {.monitoring_enabled = false, .now = [&] { return fixture.wall_now(); }}};
  CHECK_FALSE(quiet.monitoring_enabled());
  REQUIRE_FALSE(quiet.add(fixture.make("web", {})));
  fixture.rig.advance(1h);
  CHECK(quiet.trends(24)->metrics_count == 0);
  quiet.stop();
}
