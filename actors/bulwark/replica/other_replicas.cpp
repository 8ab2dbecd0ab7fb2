#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/other_replicas.hpp>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace bulwark {

size_t send_to_other_replicas(const caf::message& what) {
  auto* running = detail::this_service();
  if (running == nullptr || running->core == nullptr)
    return 0;
  auto all = running->core->others(running->hand->index());
  for (const auto& each : all)
    caf::anon_send(caf::actor_cast<caf::actor>(each), what);
  return all.size();
}

} // namespace bulwark
