#pragma once

#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/warning/early_warning.hpp>
#include <bulwark/warning/warning_watch.hpp>

namespace bulwark::detail {

/// See `spawn_warning_watch`.
///
/// Confined to one actor.
class warning_actor final : public system_actor {
public:
  warning_actor(caf::actor_config& config, warning_watch_settings settings);

  const char* name() const override { return "bulwark.warnings"; }

protected:
  caf::behavior make_behavior() override;

private:
  void look();
  void tell_all(const early_warning::notices& all) const;

  warning_watch_settings settings_;
  early_warning warnings_;
};

} // namespace bulwark::detail
