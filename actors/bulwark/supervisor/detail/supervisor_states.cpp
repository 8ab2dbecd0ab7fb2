#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/supervisor/detail/supervisor_actor.hpp>

#include <utility>

// What a monitor is told that has lost events.

namespace bulwark::detail {

namespace {

supervised_state state_of(const child_record& who) {
  switch (who.state) {
  case child_state::up:
    return supervised_state::up;
  case child_state::waiting:
  case child_state::failed:
    return supervised_state::down;
  case child_state::stopped:
    return supervised_state::ended;
  default:
    return supervised_state::unclear;
  }
}

} // namespace

void supervisor_actor::on_report_states(const report_states& what) {
  states_told told{what.round, 0, {}};
  auto tell = [&](component_state each) {
    if (each.state == supervised_state::down || what.of->contains(each.path))
      told.share.push_back(std::move(each));
  };
  if (settings_.min_healthy > 0 && memory_->told)
    tell({component(), true,
          memory_->down_since ? supervised_state::down : supervised_state::up});
  for (const auto& [key, who] : children_)
    if (who.is_worker())
      tell({path_of(who), false, state_of(who)});
    else if (post(who.handle, detail::context_of(*this), what))
      ++told.passed_on;
  post(what.to, detail::context_of(*this), std::move(told));
}

} // namespace bulwark::detail
