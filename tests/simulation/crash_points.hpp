#pragma once

#include "simulation/plan.hpp"

#include <string>
#include <vector>

namespace test::sim {

/// A plan without any mischief but one crash, and who crashes.
struct crash_scene {
  std::string name;
  plan what;
  size_t victim = none;
};

/// Every strategy with a victim at every place, replicas behind a gate with
/// requests in flight included, and with a bulkhead that is too small for them.
std::vector<crash_scene> make_crash_scenes();

} // namespace test::sim
