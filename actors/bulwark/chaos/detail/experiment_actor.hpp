#pragma once

#include <bulwark/chaos/experiment_course.hpp>
#include <bulwark/chaos/experiment_runner.hpp>
#include <bulwark/events/detail/system_actor.hpp>

#include <cstddef>
#include <string>

namespace bulwark::detail {

/// See `spawn_experiment`.
///
/// Confined to one actor.
class experiment_actor final : public system_actor {
public:
  experiment_actor(caf::actor_config& config, experiment_settings settings);

  const char* name() const override { return "bulwark.experiment"; }

protected:
  caf::behavior make_behavior() override;

private:
  void look();
  void act(experiment_act what);
  void inject();
  void lift_all() noexcept;
  void end_if_over();
  void abort(const std::string& why);
  std::string id_of(size_t fault) const;

  experiment_settings settings_;
  experiment_course course_;

  /// How many faults are lent, the first ones.
  size_t lent_ = 0;
};

} // namespace bulwark::detail
