#pragma once

#include "simulation/plan.hpp"
#include "support/dice.hpp"

namespace test::sim {

/// Adds what services, clients and bulkheads have to do with each other beyond
/// one request and its answer: rates that have work wait, services that ask
/// others, promises that are open at a crash, clients that wait for a short
/// time only, loans of permits, gates that drain or stop before the others.
///
/// Each of them in some plans only, so that a plan is about few things.
void make_dealings(plan& to, dice chance);

} // namespace test::sim
