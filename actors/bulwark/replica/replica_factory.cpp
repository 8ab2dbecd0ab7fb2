#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/quota/detail/cpu_meter.hpp>
#include <bulwark/replica/ready.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/replica/role_token.hpp>

#include <stdexcept>

namespace bulwark {

namespace {

std::shared_ptr<detail::cpu_meter> meter_for(const cpu_quota& quota,
                                             const detail::gate_core* core,
                                             uint8_t index,
                                             const birth& origin) {
  if (!quota)
    return nullptr;
  auto who = core == nullptr ? "child " + std::to_string(origin.key)
                             : core->name() + "#" + std::to_string(index + 1);
  auto result = std::make_shared<detail::cpu_meter>(quota.core(), who);
  if (origin.control)
    origin.control->wake = [meter = std::weak_ptr{result},
                            &told = *origin.control] {
      if (auto known = meter.lock())
        known->wake(told.kill);
    };
  return result;
}

start_function start_with(std::shared_ptr<detail::gate_core> core,
                          uint8_t index, replica_factory factory,
                          replica_manner manner) {
  if (!factory.start)
    throw std::invalid_argument{
      "the service's function is null; it must be a function"};
  return [=, core = std::move(core),
          factory = std::move(factory)](run_context eu, birth origin) {
    if (manner.role && !manner.role())
      throw ignore_start{};
    if (core)
      core->note_control(index, origin.incarnation, origin.control);
    auto meter = meter_for(manner.quota, core.get(), index, origin);
    auto detached = manner.detached || meter;
    detail::replica_lifecycle lifecycle{core, index, std::move(origin),
                                        manner.reports_ready, std::move(meter)};
    lifecycle.work_while(manner.role);
    lifecycle.strike_with(manner.faults);
    return factory.start(eu, std::move(lifecycle), detached);
  };
}

} // namespace

start_function start_behind(const gate& at, uint8_t index,
                            replica_factory factory, replica_manner manner) {
  return start_with(at.core(), index, std::move(factory), manner);
}

start_function start_alone(replica_factory factory, replica_manner manner) {
  return start_with(nullptr, 0, std::move(factory), manner);
}

bool report_ready() {
  auto* running = detail::this_service();
  if (running == nullptr)
    return false;
  running->replica->announce(*running->self);
  return true;
}

std::optional<uint64_t> role_token() {
  auto* running = detail::this_service();
  return running != nullptr ? running->replica->token() : std::nullopt;
}

} // namespace bulwark
