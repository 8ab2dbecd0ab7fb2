#pragma once

#include "simulation/plan.hpp"
#include "support/dice.hpp"

namespace test::sim {

/// Has services share bulkheads, in about half of the plans.
void make_bulkheads(plan& to, dice chance);

/// Has clients say how their messages are to be treated, and operators change
/// bulkheads; adds crowds of tenants that want the same one.
void make_calls(plan& to, dice chance);

} // namespace test::sim
