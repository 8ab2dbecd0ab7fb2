#pragma once

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>

#include <string>
#include <utility>

namespace bench {

/// One service behind its gate, under its supervisor, as a node sets it up.
///
/// Confined to one thread.
class one_service {
public:
  one_service(caf::actor_system& sys, bulwark::replica_factory factory,
              bulwark::restart_options restart = {}, bool detached = false,
              bulwark::bulkhead bulkhead = {}, bulwark::emitter events = {},
              bool counts = true)
    : one_service(sys, std::move(factory),
                  {.service = "bench",
                   .events = events,
                   .bulkhead = std::move(bulkhead),
                   .counts = counts},
                  restart, detached) {}

  one_service(caf::actor_system& sys, bulwark::replica_factory factory,
              bulwark::gate_settings of_gate,
              bulwark::restart_options restart = {}, bool detached = false)
    : gate_(sys, of_gate) {
    gate_.declare_replicas(1);
    bulwark::supervisor_settings settings;
    settings.path = "/root/bench";
    settings.events = of_gate.events;
    settings.limits.intensity = restart.intensity;
    bulwark::child_spec spec;
    spec.id = "bench#1";
    spec.restart = restart;
    spec.start =
      bulwark::start_behind(gate_, 0, std::move(factory), {detached});
    spec.on_change = [at = gate_](const bulwark::child_change& change) {
      at.replica_changed(0, change);
    };
    settings.children.push_back(std::move(spec));
    supervisor_ = bulwark::spawn_supervisor(sys, std::move(settings));
  }

  ~one_service() {
    bulwark::stop(supervisor_);
    gate_.stop();
  }

  one_service(const one_service&) = delete;
  one_service& operator=(const one_service&) = delete;

  const caf::actor& handle() const { return gate_.handle(); }

private:
  bulwark::gate gate_;
  caf::actor supervisor_;
};

} // namespace bench
