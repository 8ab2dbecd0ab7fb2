#include "actors/gate/gate_fixture.hpp"
#include "actors/gate/permits.hpp"

#include <bulwark/bulkhead/execute_with_bulkhead.hpp>

#include <catch2/catch.hpp>

// A request that runs in the bulkhead of its service, and says so.

using namespace bulwark;
using namespace std::chrono_literals;
using test::permits;

namespace {

/// A service with two permits, and a client.
struct shop {
  shop()
    : manager(fixture.rig.system(), {.now = [] { return wall_time{}; }}),
      alice(fixture.rig) {
    test::service_plan plan;
    plan.bulkhead = fixture.bulkhead("standard", permits(2));
    REQUIRE_FALSE(manager.add(plan.bulkhead));
    orders = &fixture.work("orders", plan);
  }

  ~shop() {
    manager.stop();
    fixture.rig.run();
  }

  template <class... Ts>
  std::shared_ptr<execution<int>> runs(Ts... xs) {
    auto result = std::make_shared<execution<int>>();
    alice.does([=, this](caf::event_based_actor* self) {
      execute_with_bulkhead<int>(
        self, manager, "orders", orders->handle(),
        [=](execution<int> what) { *result = std::move(what); }, xs...);
    });
    return result;
  }

  test::gate_fixture fixture;
  bulkhead_manager manager;
  test::client alice;
  const test::service* orders = nullptr;
};

} // namespace

TEST_CASE("a request that runs in a bulkhead says how it went",
          "[bulkhead][execute]") {
  shop it;
  REQUIRE_FALSE(it.manager.assign("orders", "standard"));
  auto slow = it.runs(test::keep_atom::value, 7);
  auto other = it.runs(test::keep_atom::value, 8);
  auto refused = it.runs(9);
  CHECK(refused->status == execution_status::resource_exhausted);
  CHECK(to_string(refused->status) == "resource_exhausted");
  CHECK(refused->bulkhead_used == "standard");
  CHECK(refused->pool_utilization == 100);
  CHECK_FALSE(refused->result);
  it.fixture.rig.advance(100ms);
  it.fixture.deliver("orders", 0, 7);
  CHECK(slow->status == execution_status::success);
  CHECK(slow->result == 7);
  CHECK(slow->processing_time == 100ms);
  CHECK(slow->bulkhead_used == "standard");
  it.fixture.deliver("orders", 1, 8);
  auto failed = it.runs(test::fail_atom::value);
  CHECK(failed->status == execution_status::service_error);
  CHECK(failed->error);
  CHECK(failed->pool_utilization == 0);
}

TEST_CASE("a service that works in no bulkhead is refused by name",
          "[bulkhead][execute]") {
  shop it;
  auto answer = it.runs(1);
  CHECK(answer->status == execution_status::service_error);
  CHECK(describe(answer->error)
        == "service is \"orders\"; it must be assigned to a bulkhead");
  CHECK(it.fixture.room("orders").handled.empty());
  // Once is enough.
  REQUIRE_FALSE(it.manager.assign("orders", "standard"));
  auto again = it.manager.assign("orders", "standard");
  CHECK(code_of(again, errc{}) == errc::invalid_option);
  CHECK_THAT(describe(again),
             Catch::Contains("orders") && Catch::Contains("standard"));
  CHECK(it.manager.bulkheads_of("orders") == std::set<std::string>{"standard"});
}
