#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/warning/detail/warning_actor.hpp>
#include <bulwark/warning/warning_watch.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark {

caf::actor spawn_warning_watch(caf::actor_system& sys,
                               warning_watch_settings settings) {
  using namespace option_checks;
  auto complaint =
    first_of(validate(settings.options),
             within("warnings.every", settings.every,
                    std::chrono::milliseconds{10}, option_duration_max));
  if (complaint)
    throw std::invalid_argument{*complaint};
  if (!settings.samples)
    throw std::invalid_argument{said("warnings.samples", "empty", "set")};
  if (settings.detached)
    return sys.spawn<detail::warning_actor, caf::hidden + caf::detached>(
      std::move(settings));
  return sys.spawn<detail::warning_actor, caf::hidden>(std::move(settings));
}

} // namespace bulwark
