// A supervisor with very many children: that they all come back, and that
// instances that share one template stay apart. How fast is bench_restart's
// question.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervision/detail/intensity.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

constexpr size_t children = 100'000;
constexpr size_t kills = 10'000;

caf::behavior worker() {
  return {[](bool x) { return x; }};
}

child_spec without_delay() {
  child_spec result;
  result.id = "worker";
  result.restart.initial = result.restart.max = duration::zero();
  result.start = start_alone(make_replica_factory(worker));
  return result;
}

/// Starts a supervisor that tolerates `restarts` in all.
caf::actor spawn_pool(supervision_fixture& fixture, uint32_t restarts) {
  auto settings = fixture.settings({without_delay()});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = restarts;
  settings.events = {};
  return fixture.spawn(std::move(settings));
}

void start_many(supervision_fixture& fixture, const caf::actor& pool,
                size_t count) {
  for (size_t i = 0; i < count; ++i)
    caf::anon_send(pool, start_instance{});
  fixture.rig.run();
}

std::vector<child_info> list(supervision_fixture& fixture,
                             const caf::actor& pool) {
  return fixture.ask<child_list>(pool, which_children{}).children;
}

size_t count_incarnation(const std::vector<child_info>& all, uint64_t number) {
  return static_cast<size_t>(
    std::count_if(all.begin(), all.end(), [&](const auto& each) {
      return each.incarnation == number && each.state == child_state::up;
    }));
}

} // namespace

TEST_CASE("of 100,000 children, 10,000 that are killed at once come back",
          "[supervisor]") {
  supervision_fixture fixture;
  std::vector<caf::actor> handles;
  auto spec = without_delay();
  spec.on_change = [&](const child_change& change) {
    if (change.state == child_state::up)
      handles.push_back(caf::actor_cast<caf::actor>(change.handle));
  };
  auto settings = fixture.settings({std::move(spec)});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = kills;
  settings.events = {};
  auto pool = fixture.spawn(std::move(settings));
  start_many(fixture, pool, children);
  REQUIRE(handles.size() == children);
  for (size_t i = 0; i < kills; ++i)
    caf::anon_send_exit(handles[i * (children / kills)],
                        caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(handles.size() == children + kills);
  auto all = list(fixture, pool);
  CHECK(all.size() == children);
  CHECK(count_incarnation(all, 1) == children - kills);
  CHECK(count_incarnation(all, 2) == kills);
  CHECK(fixture.counts(pool).active == children);
  handles.clear();
  fixture.stop(pool);
  CHECK(fixture.ended(pool));
  CHECK(fixture.rig.actors_running() == 1);
}

TEST_CASE("one restart too many among very many ends them all",
          "[supervisor]") {
  supervision_fixture fixture;
  std::vector<caf::actor> handles;
  auto spec = without_delay();
  spec.on_change = [&](const child_change& change) {
    if (change.state == child_state::up)
      handles.push_back(caf::actor_cast<caf::actor>(change.handle));
  };
  auto settings = fixture.settings({std::move(spec)});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = 99;
  auto pool = fixture.spawn(std::move(settings));
  start_many(fixture, pool, 1000);
  for (size_t i = 0; i < 100; ++i)
    caf::anon_send_exit(handles[i], caf::exit_reason::kill);
  fixture.rig.run();
  CHECK(fixture.ended(pool));
  handles.clear();
  CHECK(fixture.rig.actors_running() == 1);
}

TEST_CASE("instances share a template and nothing else", "[supervisor]") {
  supervision_fixture fixture;
  auto pool = spawn_pool(fixture, 10);
  start_many(fixture, pool, 3);
  restart_options slower = without_delay().restart;
  slower.initial = slower.max = 1min;
  caf::anon_send(pool, change_restart{"worker#2", slower});
  fixture.rig.run();
  auto spec_of = [&](const std::string& id) {
    return fixture.ask<child_spec>(pool, child_spec_request{id});
  };
  for (const auto* id : {"worker#1", "worker#2", "worker#3"})
    CHECK(spec_of(id).id == id);
  CHECK(spec_of("worker#1").restart.initial == 0s);
  CHECK(spec_of("worker#2").restart.initial == 1min);
  CHECK(spec_of("worker#3").restart.initial == 0s);
}

TEST_CASE("an id is free again when its instance was terminated",
          "[supervisor]") {
  supervision_fixture fixture;
  auto pool = spawn_pool(fixture, 10);
  start_many(fixture, pool, 100);
  caf::anon_send(pool, terminate_child{"worker#50"});
  fixture.rig.run();
  CHECK(list(fixture, pool).size() == 99);
  auto again = fixture.ask<child_info>(pool, start_instance{{}, "worker#50"});
  CHECK(again.state == child_state::up);
  CHECK(list(fixture, pool).back().id == "worker#50");
}
