#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/detail/bulkhead_actor.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>

namespace bulwark {

bulkhead::bulkhead(caf::actor_system& sys, const std::string& name,
                   const bulkhead_options& options, emitter events) {
  if (auto complaint = validate_name("bulkhead name", name))
    throw std::invalid_argument{*complaint};
  if (auto complaint = validate(options))
    throw std::invalid_argument{"bulkhead " + name + ": " + *complaint};
  core_ = std::make_shared<detail::bulkhead_core>(sys, name, options, events);
  handle_ =
    sys.spawn<detail::bulkhead_actor, caf::hidden>(core_, std::move(events));
}

const std::string& bulkhead::name() const noexcept {
  return core_->name();
}

void bulkhead::stop() const {
  bulwark::stop(handle_);
}

} // namespace bulwark
