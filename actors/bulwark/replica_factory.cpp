#include <bulwark/detail/gate_core.hpp>
#include <bulwark/replica_factory.hpp>

namespace bulwark {

std::function<caf::strong_actor_ptr(caf::execution_unit*, const birth&)>
start_behind(const gate& at, uint8_t index, replica_factory factory,
             bool detached) {
  return [core = at.core(), index, factory = std::move(factory),
          detached](caf::execution_unit* eu, const birth& origin) {
    return factory.start(eu, detail::replica_seat{core, index, origin},
                         detached);
  };
}

} // namespace bulwark
