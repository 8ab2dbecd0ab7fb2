#pragma once

#include "db/orders.hpp"
#include "services/order_flow.hpp"

#include <caf/behavior.hpp>
#include <caf/stateful_actor.hpp>

#include <optional>

namespace storefront {

struct order_state {
  order_services services;
  std::optional<order_store> orders;
};

/// order_management: places orders, many at a time; see `parse_order` for what
/// it takes and `order_flow` for what it does.
caf::behavior order_actor(caf::stateful_actor<order_state>* self,
                          const database& owner, const order_services& services,
                          bool chaos);

} // namespace storefront
