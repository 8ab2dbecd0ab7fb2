#include "services/order_actor.hpp"

#include "api/error.hpp"
#include "api/service.hpp"
#include "services/service_actor.hpp"

namespace storefront {

caf::behavior order_actor(caf::stateful_actor<order_state>* self,
                          const database& owner, const order_services& services,
                          bool chaos) {
  self->state.services = services;
  self->state.orders.emplace(owner);
  return {
    [self](const api_call& call) -> caf::result<api_reply> {
      try {
        auto flow = std::make_shared<order_flow>(
          self, self->state.services, *self->state.orders, parse_order(call));
        return flow->start();
      } catch (const api_error& e) {
        return refusal(e);
      }
    },
    [chaos](const chaos_crash& order) { return obey(order, chaos); },
  };
}

} // namespace storefront
