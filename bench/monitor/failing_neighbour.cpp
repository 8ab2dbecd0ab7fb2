#include "monitor/failing_neighbour.hpp"

#include "support/one_service.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

using namespace bulwark;
using namespace std::chrono_literals;

caf::behavior crashing() {
  return {
    [](int64_t) -> int64_t { throw std::runtime_error{"as it was told to"}; }};
}

/// Sends the next one as soon as the one before has crashed its replica.
caf::behavior tormentor(caf::event_based_actor* self,
                        const caf::actor& victim) {
  return {[=](caf::ok_atom again) {
    auto go_on = [=] { self->send(self, again); };
    self->request(victim, caf::infinite, int64_t{1})
      .then([=](int64_t) { go_on(); }, [=](const caf::error&) { go_on(); });
  }};
}

monitor_options options_with(std::shared_ptr<event_store> store) {
  monitor_options result;
  result.node = "alpha";
  result.store = std::move(store);
  result.now = [] {
    return std::chrono::floor<wall_time::duration>(
      std::chrono::system_clock::now());
  };
  return result;
}

restart_options always_soon() {
  restart_options result;
  result.initial = 10ms;
  result.max = 10ms;
  result.jitter = 0;
  result.intensity = 1'000'000;
  return result;
}

} // namespace

double rate_beside_failures(std::shared_ptr<event_store> store,
                            const load& with) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto monitor = spawn_monitor(system, options_with(std::move(store)));
  double result = 0;
  {
    one_service victim{
      system,        make_replica_factory(crashing), always_soon(), false, {},
      monitor.events};
    one_service asked{system,        make_replica_factory(echo), {}, false, {},
                      monitor.events};
    auto torment = system.spawn(tormentor, victim.handle());
    caf::anon_send(torment, caf::ok_atom_v);
    result = rate(system, asked.handle(), with);
    caf::anon_send_exit(torment, caf::exit_reason::kill);
  }
  stop(monitor.handle);
  return result;
}

} // namespace bench
