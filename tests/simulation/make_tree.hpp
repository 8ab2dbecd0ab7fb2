#pragma once

#include "simulation/plan.hpp"
#include "support/dice.hpp"

namespace test::sim {

/// Fills in nodes and services.
void make_tree(plan& to, dice& chance);

bulwark::restart_options make_restart(dice& chance);
bulwark::supervisor_options make_limits(dice& chance);

} // namespace test::sim
