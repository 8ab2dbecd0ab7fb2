#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/detail/monitor_actor.hpp>
#include <bulwark/events/memory_event_store.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark {

running_monitor spawn_monitor(caf::actor_system& system,
                              monitor_options options) {
  using namespace std::chrono_literals;
  if (!options.now)
    throw std::invalid_argument{"monitor.now is empty; it must be a function"};
  if (options.peers_max == 0)
    throw std::invalid_argument{
      "monitor.peers_max is 0; it must be at least 1"};
  if (options.beat_every != 0ms && options.beat_every < 10ms)
    throw std::invalid_argument{"monitor.beat_every is "
                                + to_text(options.beat_every)
                                + "; it must be 0ms, or at least 10ms"};
  for (const auto& each : options.objectives)
    if (auto wrong = validate(each))
      throw std::invalid_argument{"monitor.objectives: " + *wrong};
  for (const auto& each : options.alerts)
    if (auto wrong = validate(each))
      throw std::invalid_argument{"monitor.alerts: " + *wrong};
  if (!options.store)
    options.store = std::make_shared<memory_event_store>();
  auto inbox = std::make_shared<detail::event_inbox>(system, options.now);
  auto handle = system.spawn<detail::monitor_actor>(std::move(options), inbox);
  return {handle, emitter{inbox}};
}

} // namespace bulwark
