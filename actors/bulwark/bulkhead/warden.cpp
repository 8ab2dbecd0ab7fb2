#include <bulwark/bulkhead/detail/warden_actor.hpp>
#include <bulwark/bulkhead/warden.hpp>
#include <bulwark/option_checks.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark {

duration look_interval(const flooding_options& options) {
  using namespace std::chrono_literals;
  return std::clamp<duration>(
    std::min(options.close_after, options.reopen_after) / 4, 20ms, 1s);
}

caf::actor spawn_warden(caf::actor_system& sys, warden_settings settings) {
  using option_checks::said;
  if (auto complaint = validate(settings.flooding))
    throw std::invalid_argument{*complaint};
  if (!settings.source)
    throw std::invalid_argument{said("warden.source", "empty", "set")};
  if (!settings.bulkheads)
    throw std::invalid_argument{said("warden.bulkheads", "empty", "set")};
  if (settings.detached)
    return sys.spawn<detail::warden_actor, caf::hidden + caf::detached>(
      std::move(settings));
  return sys.spawn<detail::warden_actor, caf::hidden>(std::move(settings));
}

} // namespace bulwark
