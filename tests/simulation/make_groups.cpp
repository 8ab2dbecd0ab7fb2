#include "simulation/make_groups.hpp"

namespace test::sim {

void make_groups(plan& to, dice chance) {
  if (!chance.roll(1, 3))
    return;
  for (auto& each : to.services) {
    if (each.replicas < 2)
      continue;
    if (chance.roll(2, 3))
      each.standby = 1 + chance.below(each.replicas - 1);
    each.ejects = chance.roll(1, 2);
    each.min_active = 1 + chance.below(each.replicas - each.standby);
    each.comes_back = chance.roll(1, 2);
  }
}

} // namespace test::sim
