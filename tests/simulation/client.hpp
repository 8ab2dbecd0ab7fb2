#pragma once

#include "simulation/child.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>

namespace test::sim {

/// To a client: send this to that gate.
struct errand {
  caf::actor gate;
  job what;
};

/// To an operator: ask that of a supervisor, or of a bulkhead.
struct order {
  caf::actor whom;
  caf::message what;
  size_t node = none;
  const act* cause = nullptr;
};

/// Starts who sends and notes what comes back.
caf::actor spawn_client(caf::actor_system& system, history& book);

/// Starts who gives orders and notes what comes of them.
caf::actor spawn_operator(caf::actor_system& system, history& book);

} // namespace test::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::errand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::order)
