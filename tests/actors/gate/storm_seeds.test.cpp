#include "actors/gate/seeds.hpp"
#include "actors/gate/storm.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/gate/detail/gate_core.hpp>

#include <catch2/catch.hpp>

#include <random>

// Small storms, each in another order of jobs. A seed names both the storm and
// the order.

using namespace std::chrono_literals;

namespace {

test::storm_options storm_of(std::mt19937_64& rng) {
  auto from_to = [&](uint64_t min, uint64_t max) {
    return min + rng() % (max - min + 1);
  };
  test::storm_options result;
  result.clients = from_to(2, 3);
  result.messages_per_client = static_cast<int64_t>(from_to(30, 60));
  result.poison_every = static_cast<int64_t>(from_to(3, 7));
  result.send_every = static_cast<int64_t>(from_to(2, 9));
  result.window = static_cast<int64_t>(from_to(1, 16));
  result.replicas = from_to(1, 3);
  result.keyed = rng() % 3 == 0;
  result.idempotent = rng() % 3 == 0;
  result.permits = rng() % 2 == 0 ? from_to(1, 12) : 0;
  result.one_each = rng() % 2 == 0;
  return result;
}

void run_storm(uint64_t seed) {
  std::mt19937_64 rng{seed};
  auto options = storm_of(rng);
  test::deterministic_system rig;
  test::storm storm{rig.system(), options};
  // Restarts come without delay, but even those take a timer. Deadlines are
  // far away: whoever is not answered soon is not answered at all.
  for (int i = 0; i < 1000 && !storm.done(); ++i) {
    rig.run_seeded(rng);
    rig.advance_seeded(1ms, rng);
  }
  CHECK(storm.done());
  test::check(storm, options);
  CHECK(storm.gate().core()->open_requests() == 0);
  storm.stop();
  rig.advance_seeded(10s, rng);
  CHECK(rig.actors_running() == 0);
}

} // namespace

TEST_CASE("in whatever order actors run, every request has one answer",
          "[gate][storm]") {
  test::for_each_seed(4000, run_storm);
}
