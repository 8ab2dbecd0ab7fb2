#include "services/service_actor.hpp"

#include <caf/sec.hpp>

#include <stdexcept>

namespace storefront {

caf::behavior service_actor(caf::stateful_actor<service_state>* self,
                            const service_factory& make, bool chaos) {
  self->state.service = make();
  return {
    [self](const api_call& call) { return self->state.service->handle(call); },
    [chaos](const chaos_crash& order) { return obey(order, chaos); },
  };
}

caf::error obey(const chaos_crash& order, bool chaos) {
  if (chaos)
    throw std::runtime_error("chaos: " + order.reason);
  return caf::sec::unexpected_message;
}

} // namespace storefront
