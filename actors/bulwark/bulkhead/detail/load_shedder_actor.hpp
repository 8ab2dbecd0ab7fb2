#pragma once

#include <bulwark/bulkhead/load_shedder.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/events/detail/system_actor.hpp>

namespace bulwark::detail {

/// See `spawn_load_shedder`.
///
/// Confined to one actor.
class load_shedder_actor final : public system_actor {
public:
  load_shedder_actor(caf::actor_config& config, load_shedder_settings settings);

  const char* name() const override { return "bulwark.load_shedder"; }

protected:
  caf::behavior make_behavior() override;

private:
  void look();
  void take(const load_shedding_step& step,
            const pressure_gauges& gauges) const;

  load_shedder_settings settings_;
  load_shedding load_shedding_;
  duration every_;
};

} // namespace bulwark::detail
