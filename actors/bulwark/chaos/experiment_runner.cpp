#include <bulwark/chaos/detail/experiment_actor.hpp>
#include <bulwark/chaos/experiment_runner.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark {

caf::actor spawn_experiment(caf::actor_system& sys,
                            experiment_settings settings) {
  if (auto complaint = validate(settings.what))
    throw std::invalid_argument{*complaint};
  if (!settings.readings || !settings.lend || !settings.renew || !settings.lift
      || !settings.over)
    throw std::invalid_argument{option_checks::said(
      "a function of the experiment's settings", "empty", "set")};
  return sys.spawn<detail::experiment_actor, caf::hidden>(std::move(settings));
}

} // namespace bulwark
