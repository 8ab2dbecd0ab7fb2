#include <bulwark/caf/stop.hpp>
#include <bulwark/quota/cpu_quota.hpp>
#include <bulwark/quota/detail/cpu_quota_actor.hpp>
#include <bulwark/quota/detail/cpu_quota_core.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/actor_system.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark {

cpu_quota::cpu_quota(caf::actor_system& sys, const std::string& name,
                     const cpu_quota_options& options, emitter events) {
  if (auto complaint = validate_name("cpu quota name", name))
    throw std::invalid_argument{*complaint};
  if (auto complaint = validate(options))
    throw std::invalid_argument{"cpu quota " + name + ": " + *complaint};
  core_ = std::make_shared<detail::cpu_quota_core>(sys, name, options, look);
  // Looks also while all threads of the scheduler are held up.
  handle_ = sys.spawn<detail::cpu_quota_actor, caf::hidden + caf::detached>(
    core_, std::move(events));
}

const std::string& cpu_quota::name() const noexcept {
  return core_->name();
}

cpu_quota_stats cpu_quota::stats() const {
  return core_->stats();
}

void cpu_quota::stop() const {
  bulwark::stop(handle_);
}

} // namespace bulwark
