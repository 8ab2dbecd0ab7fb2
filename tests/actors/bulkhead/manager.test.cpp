#include "actors/bulkhead/manager_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::manager_fixture;

namespace {

const resource_amounts wanted{
  {"web_threads", 10}, {"db_connections", 5}, {"cache_memory", 100}};

/// Asks a manager for resources in its own name, and ends when told to.
caf::behavior owner(caf::event_based_actor* self, const caf::actor& manager,
                    const std::string& service,
                    const resource_amounts& resources, bool* granted) {
  self
    ->request(manager, caf::infinite,
              allocate_resources{service, resources, true})
    .then([=](const service_allocation&) { *granted = true; },
          [=](caf::error&) { *granted = false; });
  return {[=](const test::end_with& x) { self->quit(x.reason); }};
}

caf::actor start_owner(manager_fixture& fixture, const std::string& service,
                       const resource_amounts& resources) {
  bool granted = false;
  auto result = fixture.rig.system().spawn(owner, fixture.manager.handle(),
                                           service, resources, &granted);
  fixture.rig.run();
  REQUIRE(granted);
  return result;
}

void end(manager_fixture& fixture, const caf::actor& who, caf::error reason) {
  caf::anon_send(who, test::end_with{std::move(reason)});
  fixture.rig.run();
}

} // namespace

TEST_CASE("a service is allocated all that it asks for", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  auto got = fixture.ask<service_allocation>(
    fixture.manager.handle(), allocate_resources{"orders", wanted});
  CHECK(got == service_allocation{"orders", wanted});
  CHECK(fixture.use_of("web_threads") == 10);
  CHECK(fixture.use_of("db_connections") == 5);
  CHECK(fixture.use_of("cache_memory") == 100);
  CHECK(fixture.manager.stats("web_threads")->allocations
        == resource_amounts{{"orders", 10}});
  auto back = fixture.ask<service_allocation>(
    fixture.manager.handle(), release_service_resources{"orders"});
  CHECK(back == got);
  for (const auto& each : fixture.manager.stats())
    CHECK(each.current_usage == 0);
}

TEST_CASE("one that refuses is named, and nothing is allocated", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  REQUIRE(fixture.manager.allocate("users", wanted));
  REQUIRE(fixture.manager.allocate("orders", wanted));
  auto before = fixture.manager.health();
  auto why = fixture.error_of(fixture.manager.handle(),
                              allocate_resources{"analytics", wanted});
  CHECK(code_of(why, {}) == errc::bulkhead_full);
  CHECK(describe(why)
        == "web_threads: 10 wanted, 0 free of 20; analytics was allocated "
           "nothing of 3 resources");
  auto after = fixture.manager.health();
  CHECK(after.service_allocations == before.service_allocations);
  for (const auto& [name, each] : after.bulkhead_details)
    CHECK(each.allocations == before.bulkhead_details.at(name).allocations);
  CHECK(fixture.use_of("cache_memory") == 200);
}

// What was taken and rolled back was the peak, and crossed thresholds.
TEST_CASE("a refused allocation leaves no mark", "[manager]") {
  manager_fixture fixture;
  fixture.add("a", {.capacity = 10});
  fixture.add("b", {.capacity = 10});
  fixture.add("c", {.capacity = 1});
  auto refused =
    fixture.manager.allocate("orders", {{"a", 10}, {"b", 9}, {"c", 2}});
  REQUIRE_FALSE(refused);
  CHECK(describe(refused.error())
        == "c: 2 wanted, 1 free of 1; orders was allocated nothing of 3 "
           "resources");
  fixture.rig.run();
  for (const auto& each : fixture.manager.stats())
    CHECK(each.usage.peak_usage == 0);
  CHECK(fixture.all(event_kind::threshold_crossed).empty());
  CHECK(fixture.manager.allocate("orders", {{"a", 10}, {"b", 9}}));
  CHECK(fixture.manager.stats("a")->usage.peak_usage == 10);
}

TEST_CASE("what is reserved for critical work is not allocated", "[manager]") {
  manager_fixture fixture;
  fixture.add("web_threads", {.capacity = 20, .reserved_for_critical = 5});
  auto refused = fixture.manager.allocate("orders", {{"web_threads", 16}});
  REQUIRE_FALSE(refused);
  CHECK(describe(refused.error())
        == "web_threads: 16 wanted, 15 free of 20; orders was allocated "
           "nothing of 1 resources");
  CHECK(fixture.manager.allocate("orders", {{"web_threads", 15}}));
}

TEST_CASE("bad requests are answered and change nothing", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  REQUIRE(fixture.manager.allocate("orders", {{"web_threads", 1}}));
  REQUIRE_FALSE(fixture.manager.assign("orders", "web_threads"));
  auto before = fixture.manager.health();
  const auto& handle = fixture.manager.handle();
  auto code = [&](auto... question) {
    return code_of(fixture.error_of(handle, std::move(question)...), errc{});
  };
  CHECK(code(allocate_resources{"a", {{"web_threads", 1}, {"gpu", 1}}})
        == errc::no_such_bulkhead);
  CHECK(code(allocate_resources{"a", {{"web_threads", 0}}})
        == errc::invalid_option);
  CHECK(code(allocate_resources{"a", {}}) == errc::invalid_option);
  CHECK(code(allocate_resources{"a b", wanted}) == errc::invalid_option);
  CHECK(code(allocate_resources{"orders", wanted}) == errc::invalid_option);
  CHECK(code(release_service_resources{"a"}) == errc::not_held);
  CHECK(code(assign_service{"orders", "web_threads"}) == errc::invalid_option);
  CHECK(code(assign_service{"orders", "gpu"}) == errc::no_such_bulkhead);
  CHECK(code(at_bulkhead{"gpu"}, resize_bulkhead{1, 0})
        == errc::no_such_bulkhead);
  CHECK(fixture.manager.health() == before);
  CHECK_FALSE(fixture.manager.stats("gpu"));
  CHECK_FALSE(fixture.manager.find("gpu"));
}

TEST_CASE("a bulkhead's name is taken once", "[manager]") {
  manager_fixture fixture;
  auto first = fixture.add("web_threads", {.capacity = 3});
  auto why = fixture.manager.add(fixture.make("web_threads", {.capacity = 9}));
  CHECK(code_of(why, {}) == errc::invalid_option);
  CHECK(fixture.manager.find("web_threads").core() == first.core());
  CHECK(fixture.manager.stats().size() == 1);
}

TEST_CASE("what follows its owner is released when that one ends",
          "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  auto one = start_owner(fixture, "orders", wanted);
  auto two = start_owner(fixture, "users", {{"web_threads", 10}});
  REQUIRE(fixture.manager.allocate("mails", {{"db_connections", 2}}));
  end(fixture, one, make_error(errc::service_crashed, "disk full"));
  CHECK(fixture.use_of("web_threads") == 10);
  CHECK(fixture.use_of("db_connections") == 2);
  CHECK(fixture.use_of("cache_memory") == 0);
  auto told = fixture.all(event_kind::permits_reclaimed);
  REQUIRE(told.size() == 3);
  CHECK(told[2].component == "bulkhead/web_threads");
  CHECK(told[2].reason == "its owner ended: disk full");
  CHECK(test::metadata_of(told[2], "consumer") == "orders");
  CHECK(test::metadata_of(told[2], "amount") == "10");
  end(fixture, two, {});
  CHECK(fixture.use_of("web_threads") == 0);
  CHECK(fixture.use_of("db_connections") == 2);
}

TEST_CASE("what was released by hand is not released again with its owner",
          "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  auto one = start_owner(fixture, "orders", {{"web_threads", 10}});
  REQUIRE(fixture.manager.release("orders"));
  REQUIRE(fixture.manager.allocate("orders", {{"web_threads", 7}}));
  end(fixture, one, {});
  CHECK(fixture.use_of("web_threads") == 7);
  CHECK(fixture.all(event_kind::permits_reclaimed).empty());
}

TEST_CASE("nobody who is refused is followed", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  bool granted = true;
  auto one = fixture.rig.system().spawn(
    owner, fixture.manager.handle(), "orders",
    resource_amounts{{"db_connections", 3}, {"web_threads", 21}}, &granted);
  fixture.rig.run();
  CHECK_FALSE(granted);
  CHECK(fixture.use_of("db_connections") == 0);
  REQUIRE(fixture.manager.allocate("orders", {{"db_connections", 3}}));
  end(fixture, one, {});
  CHECK(fixture.use_of("db_connections") == 3);
}

TEST_CASE("nobody can be followed who cannot be known", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  caf::anon_send(fixture.manager.handle(),
                 allocate_resources{"orders", wanted, true});
  fixture.rig.run();
  CHECK(fixture.use_of("web_threads") == 0);
}

TEST_CASE("what is in use of an allocation is charged when that is released",
          "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  REQUIRE(fixture.manager.allocate("orders", {{"web_threads", 10}}));
  const auto& handle = fixture.manager.handle();
  caf::scoped_actor worker{fixture.rig.system()};
  acquire_permits four;
  four.amount = 4;
  four.consumer = "orders";
  auto asked =
    worker->request(handle, caf::infinite, at_bulkhead{"web_threads"}, four);
  fixture.rig.run();
  permit got;
  asked.receive([&](const permit& x) { got = x; },
                [](caf::error& x) { FAIL(describe(x)); });
  CHECK(got.amount == 4);
  CHECK(fixture.use_of("web_threads") == 10);
  REQUIRE(fixture.manager.release("orders"));
  CHECK(fixture.use_of("web_threads") == 4);
  CHECK(fixture.manager.health().active_services == 0);
  // Less than what is in use may be set aside again.
  REQUIRE(fixture.manager.allocate("orders", {{"web_threads", 3}}));
  worker->send(handle, at_bulkhead{"web_threads"}, release_permits{got.id});
  fixture.rig.run();
  CHECK(fixture.use_of("web_threads") == 3);
}

TEST_CASE("a bulkhead is resized, isolated and drained by its name",
          "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  const auto& handle = fixture.manager.handle();
  auto does = [&](auto what) {
    caf::scoped_actor self{fixture.rig.system()};
    auto asked = self->request(handle, caf::infinite,
                               at_bulkhead{"web_threads"}, std::move(what));
    fixture.rig.run();
    asked.receive([] {}, [](caf::error& x) { FAIL(describe(x)); });
  };
  auto refusal = [&] {
    auto refused = fixture.manager.allocate(
      "orders", {{"cache_memory", 1}, {"web_threads", 1}});
    REQUIRE_FALSE(refused);
    CHECK(code_of(refused.error(), {}) == errc::bulkhead_isolated);
    CHECK(fixture.use_of("cache_memory") == 0);
    return describe(refused.error());
  };
  REQUIRE(fixture.manager.allocate("users", {{"web_threads", 1}}));
  does(resize_bulkhead{40, 0});
  CHECK(fixture.manager.stats("web_threads")->max_capacity == 40);
  does(isolate_bulkhead{isolation::normal, "a test"});
  CHECK(fixture.manager.stats("web_threads")->isolation == isolation::normal);
  CHECK(refusal()
        == "web_threads: is isolated; orders was allocated nothing of 2 "
           "resources");
  does(drain_bulkhead{"a test"});
  CHECK(fixture.manager.stats("web_threads")->isolation == isolation::all);
  refusal();
  does(isolate_bulkhead{isolation::none, ""});
  CHECK(fixture.manager.allocate("orders", {{"web_threads", 1}}));
}

TEST_CASE("health is told with allocations and assignments", "[manager]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  REQUIRE(fixture.manager.allocate("orders", wanted));
  REQUIRE_FALSE(fixture.manager.assign("orders", "web_threads"));
  REQUIRE_FALSE(fixture.manager.assign("orders", "db_connections"));
  auto health = fixture.ask<system_health>(fixture.manager.handle(),
                                           system_health_request{});
  CHECK(health == fixture.manager.health());
  CHECK(health.timestamp == fixture.wall_now());
  CHECK(health.total_bulkheads == 3);
  CHECK(health.overall_health_score == 100.0);
  CHECK(health.active_services == 1);
  CHECK(health.service_allocations.at("orders") == wanted);
  CHECK(health.service_assignments.at("orders")
        == std::set<std::string>{"db_connections", "web_threads"});
}

TEST_CASE("a manager is made with good options only", "[manager]") {
  test::supervision_fixture fixture;
  auto make = [&](bulkhead_manager_options options) {
    return bulkhead_manager{fixture.rig.system(), options};
  };
  auto now = [] { return wall_time{}; };
  CHECK_THROWS_WITH(make({}), "bulkheads.now is empty; it must be set");
  CHECK_THROWS_WITH(make({.sample_every = 0s, .now = now}),
                    "bulkheads.sample_every is 0ms; it must be longer than "
                    "0ms");
  CHECK_THROWS_WITH(make({.samples_max = 0, .now = now}),
                    "bulkheads.samples_max is 0; it must be at least 1 and at "
                    "most 100000");
}

TEST_CASE("nothing that is sent ends a manager", "[manager][hostile]") {
  manager_fixture fixture;
  fixture.add_seeds_bulkheads();
  auto handle = fixture.manager.handle();
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  caf::anon_send(handle, test::unheard_of{1});
  caf::anon_send(handle, at_bulkhead{"web_threads"});
  caf::anon_send(handle, at_bulkhead{std::string(100'000, 'x')});
  caf::anon_send(handle, at_bulkhead{"web_threads"}, test::unheard_of{1});
  caf::anon_send(handle, caf::make_error(errc::stopped, "x"));
  caf::anon_send(handle, caf::down_msg{handle.address(), {}});
  caf::anon_send(handle, allocate_resources{"a", {{"gpu", 1}}});
  fixture.rig.run();
  CHECK(fixture.error_of(handle, test::unheard_of{1})
        == caf::sec::unexpected_message);
  CHECK(fixture.error_of(handle, caf::message{})
        == caf::sec::unexpected_message);
  CHECK(
    fixture.ask<system_health>(handle, system_health_request{}).total_bulkheads
    == 3);
}
