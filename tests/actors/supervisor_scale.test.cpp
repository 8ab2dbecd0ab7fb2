// A supervisor with very many children: that they all come back, and that
// instances that share one template stay apart. How fast is bench_restart's
// question.

#include "actors/supervision_stage.hpp"

#include <bulwark/child_requests.hpp>
#include <bulwark/intensity.hpp>
#include <bulwark/replica_factory.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

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
caf::actor spawn_pool(supervision_stage& stage, uint32_t restarts) {
  auto settings = stage.settings({without_delay()});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = restarts;
  settings.events = {};
  return stage.spawn(std::move(settings));
}

void start_many(supervision_stage& stage, const caf::actor& pool,
                size_t count) {
  for (size_t i = 0; i < count; ++i)
    caf::anon_send(pool, start_instance{});
  stage.rig.run();
}

std::vector<child_info> list(supervision_stage& stage, const caf::actor& pool) {
  return stage.ask<child_list>(pool, which_children{}).children;
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
  supervision_stage stage;
  std::vector<caf::actor> handles;
  auto spec = without_delay();
  spec.on_change = [&](const child_change& change) {
    if (change.state == child_state::up)
      handles.push_back(caf::actor_cast<caf::actor>(change.handle));
  };
  auto settings = stage.settings({std::move(spec)});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = kills;
  settings.events = {};
  auto pool = stage.spawn(std::move(settings));
  start_many(stage, pool, children);
  REQUIRE(handles.size() == children);
  for (size_t i = 0; i < kills; ++i)
    caf::anon_send_exit(handles[i * (children / kills)],
                        caf::exit_reason::kill);
  stage.rig.run();
  CHECK(handles.size() == children + kills);
  auto all = list(stage, pool);
  CHECK(all.size() == children);
  CHECK(count_incarnation(all, 1) == children - kills);
  CHECK(count_incarnation(all, 2) == kills);
  CHECK(stage.counts(pool).active == children);
  handles.clear();
  stage.stop(pool);
  CHECK(stage.ended(pool));
  CHECK(stage.rig.actors_running() == 1);
}

TEST_CASE("one restart too many among very many ends them all",
          "[supervisor]") {
  supervision_stage stage;
  std::vector<caf::actor> handles;
  auto spec = without_delay();
  spec.on_change = [&](const child_change& change) {
    if (change.state == child_state::up)
      handles.push_back(caf::actor_cast<caf::actor>(change.handle));
  };
  auto settings = stage.settings({std::move(spec)});
  settings.strategy = restart_strategy::simple_one_for_one;
  settings.limits.intensity = 99;
  auto pool = stage.spawn(std::move(settings));
  start_many(stage, pool, 1000);
  for (size_t i = 0; i < 100; ++i)
    caf::anon_send_exit(handles[i], caf::exit_reason::kill);
  stage.rig.run();
  CHECK(stage.ended(pool));
  handles.clear();
  CHECK(stage.rig.actors_running() == 1);
}

TEST_CASE("instances share a template and nothing else", "[supervisor]") {
  supervision_stage stage;
  auto pool = spawn_pool(stage, 10);
  start_many(stage, pool, 3);
  restart_options slower = without_delay().restart;
  slower.initial = slower.max = 1min;
  caf::anon_send(pool, change_restart{"worker#2", slower});
  stage.rig.run();
  auto spec_of = [&](const std::string& id) {
    return stage.ask<child_spec>(pool, child_spec_request{id});
  };
  for (const auto* id : {"worker#1", "worker#2", "worker#3"})
    CHECK(spec_of(id).id == id);
  CHECK(spec_of("worker#1").restart.initial == 0s);
  CHECK(spec_of("worker#2").restart.initial == 1min);
  CHECK(spec_of("worker#3").restart.initial == 0s);
}

TEST_CASE("an id is free again when its instance was terminated",
          "[supervisor]") {
  supervision_stage stage;
  auto pool = spawn_pool(stage, 10);
  start_many(stage, pool, 100);
  caf::anon_send(pool, terminate_child{"worker#50"});
  stage.rig.run();
  CHECK(list(stage, pool).size() == 99);
  auto again = stage.ask<child_info>(pool, start_instance{{}, "worker#50"});
  CHECK(again.state == child_state::up);
  CHECK(list(stage, pool).back().id == "worker#50");
}
