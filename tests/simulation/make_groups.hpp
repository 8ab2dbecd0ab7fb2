#pragma once

#include "simulation/plan.hpp"
#include "support/dice.hpp"

namespace test::sim {

/// In some plans, has some of the replicas of services stand by, or has those
/// ejected that answer with errors.
void make_groups(plan& to, dice chance);

} // namespace test::sim
