// On real threads, because that is where a replica dies while others are on
// their way to it; the deterministic rig has no such moment. Nothing is timed:
// the test ends when all clients have their answers.

#include "actors/gate/storm.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <catch2/catch.hpp>

namespace {

void run_storm(const test::storm_options& options) {
  caf::actor_system_config config;
  config.set("scheduler.max-throughput", 100);
  caf::actor_system system{config};
  test::storm storm{system, options};
  storm.wait();
  test::check(storm, options);
  storm.stop();
}

} // namespace

TEST_CASE("four clients and poison: every request has one answer, in order",
          "[gate][threads]") {
  test::storm_options options;
  options.poison_every = GENERATE(1000, 100, 3);
  CAPTURE(options.poison_every);
  run_storm(options);
}

TEST_CASE("keys keep their order over several replicas and their deaths",
          "[gate][threads][key]") {
  test::storm_options options;
  options.replicas = 3;
  options.keyed = true;
  options.poison_every = GENERATE(1000, 100, 3);
  CAPTURE(options.poison_every);
  run_storm(options);
}

TEST_CASE("what may be tried again is, as often as it may",
          "[gate][threads][poison]") {
  test::storm_options options;
  options.messages_per_client = 5000 / TEST_SHARE;
  options.replicas = GENERATE(1, 3);
  options.keyed = options.replicas == 3;
  options.idempotent = true;
  options.poison_every = GENERATE(100, 3);
  CAPTURE(options.poison_every, options.replicas);
  run_storm(options);
}

TEST_CASE("poison with several replicas: every request has one answer",
          "[gate][threads]") {
  test::storm_options options;
  options.replicas = 3;
  options.poison_every = GENERATE(100, 3);
  CAPTURE(options.poison_every);
  run_storm(options);
}

TEST_CASE("permits are taken and come back through every death",
          "[gate][threads][bulkhead]") {
  test::storm_options options;
  options.messages_per_client = 2000 / TEST_SHARE;
  options.replicas = GENERATE(1, 3);
  options.keyed = options.replicas == 3;
  options.idempotent = options.replicas == 3;
  options.poison_every = GENERATE(100, 3);
  options.permits = GENERATE(1, 8, 60);
  options.one_each = GENERATE(false, true);
  CAPTURE(options.poison_every, options.replicas, options.permits,
          options.one_each);
  run_storm(options);
}
