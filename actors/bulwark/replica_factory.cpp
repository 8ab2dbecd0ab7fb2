#include <bulwark/detail/gate_core.hpp>
#include <bulwark/detail/running_service.hpp>
#include <bulwark/ready.hpp>
#include <bulwark/replica_factory.hpp>

namespace bulwark {

namespace {

std::function<caf::strong_actor_ptr(caf::execution_unit*, const birth&)>
start_with(std::shared_ptr<detail::gate_core> core, uint8_t index,
           replica_factory factory, replica_manner manner) {
  return [=, core = std::move(core), factory = std::move(factory)](
           caf::execution_unit* eu, const birth& origin) {
    if (core)
      core->note_control(index, origin.incarnation, origin.control);
    detail::replica_seat seat{core, index, origin, manner.reports_ready};
    return factory.start(eu, std::move(seat), manner.detached);
  };
}

} // namespace

std::function<caf::strong_actor_ptr(caf::execution_unit*, const birth&)>
start_behind(const gate& at, uint8_t index, replica_factory factory,
             replica_manner manner) {
  return start_with(at.core(), index, std::move(factory), manner);
}

std::function<caf::strong_actor_ptr(caf::execution_unit*, const birth&)>
start_alone(replica_factory factory, replica_manner manner) {
  return start_with(nullptr, 0, std::move(factory), manner);
}

bool report_ready() {
  auto* running = detail::this_service();
  if (running == nullptr)
    return false;
  running->seat->announce(*running->self);
  return true;
}

} // namespace bulwark
