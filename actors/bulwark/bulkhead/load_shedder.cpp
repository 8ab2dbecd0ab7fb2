#include <bulwark/bulkhead/detail/load_shedder_actor.hpp>
#include <bulwark/bulkhead/load_shedder.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_system.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark {

duration look_interval(const load_shedding_options& options) {
  using namespace std::chrono_literals;
  return std::clamp<duration>(
    std::min(options.close_after, options.reopen_after) / 4, 20ms, 1s);
}

caf::actor spawn_load_shedder(caf::actor_system& sys,
                              load_shedder_settings settings) {
  using option_checks::said;
  if (auto complaint = validate(settings.load_shedding))
    throw std::invalid_argument{*complaint};
  if (!settings.source)
    throw std::invalid_argument{said("load_shedder.source", "empty", "set")};
  if (!settings.bulkheads)
    throw std::invalid_argument{said("load_shedder.bulkheads", "empty", "set")};
  if (settings.detached)
    return sys.spawn<detail::load_shedder_actor, caf::hidden + caf::detached>(
      std::move(settings));
  return sys.spawn<detail::load_shedder_actor, caf::hidden>(
    std::move(settings));
}

} // namespace bulwark
