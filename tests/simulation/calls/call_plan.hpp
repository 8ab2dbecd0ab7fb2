#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/protection/retry_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace test::sim {

/// How the gate of a scene protects calls, and how its service does. Follows
/// from the seed alone.
///
/// Immutable after construction.
struct call_plan {
  size_t replicas = 1;
  bulwark::gate_options gate;
  bulwark::breaker_options breaker;
  bulwark::retry_options retry;
  bulwark::retry_budget_options budget;
  bulwark::hedge_options hedge;
  std::optional<bulwark::bulkhead_options> bulkhead;

  /// How many steps there are, and whether replicas crash.
  size_t steps = 0;
  bool crashes = false;
  bool keys = false;
};

call_plan make_call_plan(uint64_t seed);

} // namespace test::sim
