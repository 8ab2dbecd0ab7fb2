#pragma once

#include "simulation/history.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

namespace test::sim {

/// To who borrows: ask that bulkhead for permits.
struct loan_errand {
  caf::actor bulkhead;
  const act* what = nullptr;
};

/// Starts who asks bulkheads for permits, gives back what it got, and lives on
/// when it has waited long enough.
caf::actor spawn_borrower(caf::actor_system& system, history& book);

} // namespace test::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::loan_errand)
