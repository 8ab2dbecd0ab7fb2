#pragma once

#include <bulwark/node/node.hpp>

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>

struct simulation_options {
  /// The same seed gives the same failures, in the same order.
  uint32_t seed = 1;

  /// How many failures there are, each with its recovery.
  uint32_t failures = 20;

  /// Between a failure and its recovery.
  bulwark::duration pause = std::chrono::milliseconds{10};
};

/// Tells of failures and recoveries of components that are made up, prints the
/// report of them, and stops the node.
caf::behavior simulation(caf::event_based_actor* self, bulwark::node* node,
                         simulation_options options);
