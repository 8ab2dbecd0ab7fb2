#pragma once

#include <bulwark/bulkhead/flooding.hpp>
#include <bulwark/bulkhead/warden.hpp>
#include <bulwark/detail/hardened.hpp>

namespace bulwark::detail {

/// See `spawn_warden`.
///
/// Confined to one actor.
class warden_actor final : public hardened {
public:
  warden_actor(caf::actor_config& config, warden_settings settings);

  const char* name() const override { return "bulwark.warden"; }

protected:
  caf::behavior make_behavior() override;

private:
  void look();
  void take(const flooding_step& step, const pressure_gauges& gauges) const;

  warden_settings settings_;
  flooding flooding_;
  duration every_;
};

} // namespace bulwark::detail
