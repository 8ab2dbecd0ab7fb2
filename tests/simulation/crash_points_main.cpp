#include "simulation/crash_points.hpp"
#include "simulation/play.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>

// Crashes a child at step 1, 2, 3 ... of its life, until a run completes in
// which it has no such step any more; each in some orders of the jobs. Ends
// with 1 at the first promise that is broken.

namespace {

using namespace test::sim;

constexpr uint64_t seeds = 10 / TEST_SHARE;

// No child has more steps than this.
constexpr size_t steps_max = 500;

/// Returns whether the child got that far.
struct try_result {
  bool crashed = false;
  bool broken = false;
};

try_result try_point(crash_scene& scene, uint64_t seed, size_t step) {
  scene.what.seed = seed;
  auto result = play(scene.what, {.victim = scene.victim, .crash_at = step});
  if (!result.broken)
    return {result.crashed, false};
  std::cout << to_text(scene.what) << result.text << scene.name << ", step "
            << step << ", order " << seed << " breaks "
            << result.broken->checker << ": " << result.broken->how << '\n';
  return {result.crashed, true};
}

int try_all() {
  size_t runs = 0;
  for (auto& scene : make_crash_scenes()) {
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
      size_t step = 1;
      for (auto crashed = true; crashed; ++step, ++runs) {
        auto got = try_point(scene, seed, step);
        if (got.broken)
          return 1;
        crashed = got.crashed && step < steps_max;
      }
      // It is made, gets its behaviour, is ready and is told to end.
      if (step < 5 || step >= steps_max) {
        std::cout << scene.name << " ends after " << step << " steps\n";
        return 1;
      }
    }
  }
  std::cout << runs << " runs, no promise broken\n";
  return 0;
}

} // namespace

int main() {
  try {
    return try_all();
  } catch (const std::exception& e) {
    std::cerr << "crash_points: " << e.what() << '\n';
    return 64;
  }
}
