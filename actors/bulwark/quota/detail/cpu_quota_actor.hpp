#pragma once

#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/quota/detail/cpu_quota_core.hpp>

#include <memory>

namespace bulwark::detail {

/// Looks at the handlers of a CPU quota while some run, and reports those that
/// do not come back.
///
/// Confined to one actor.
class cpu_quota_actor final : public system_actor {
public:
  cpu_quota_actor(caf::actor_config& config,
                  std::shared_ptr<cpu_quota_core> core, emitter events);

  const char* name() const override { return "bulwark.cpu_quota"; }

  caf::behavior make_behavior() override;

private:
  void look();
  void look_again(duration later);
  void tell(const cpu_quota_core::overrun& what) const;

  std::shared_ptr<cpu_quota_core> core_;
};

} // namespace bulwark::detail
