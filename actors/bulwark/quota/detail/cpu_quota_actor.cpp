#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/quota/detail/cpu_quota_actor.hpp>
#include <bulwark/quota/detail/quota_tick.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>

#include <chrono>
#include <utility>

namespace bulwark::detail {

namespace {

std::string in_ms(duration length) {
  return to_text(std::chrono::floor<std::chrono::milliseconds>(length));
}

} // namespace

cpu_quota_actor::cpu_quota_actor(caf::actor_config& config,
                                 std::shared_ptr<cpu_quota_core> core,
                                 emitter events)
  : system_actor(config, "cpu_quota/" + core->name(), std::move(events)),
    core_(std::move(core)) {
  core_->set_rouse(
    [self = weak_handle_of(*this)] { post(self, nullptr, poke{}); });
}

caf::behavior cpu_quota_actor::make_behavior() {
  return {
    [this](const cpu_quota_stats_request&) { return core_->stats(); },
    [this](poke) { look_again(core_->look_again_in()); },
    [this](quota_tick) { look(); },
    [this](stop_actor) {
      core_->set_rouse(nullptr);
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void cpu_quota_actor::look_again(duration later) {
  post_at(clock(), now() + later, handle_of(*this), quota_tick{});
}

void cpu_quota_actor::look() {
  auto seen = core_->look();
  for (const auto& each : seen.overruns)
    tell(each);
  if (!seen.idle)
    look_again(seen.again_in);
}

void cpu_quota_actor::tell(const cpu_quota_core::overrun& what) const {
  const auto& options = core_->options();
  event told;
  told.kind = event_kind::quota_overrun;
  told.level = severity_of(told.kind);
  told.component = component();
  told.reason = what.who + " has not come back from a handler for "
                + in_ms(what.running_for);
  told.with("replica", what.who)
    .with("running_for", in_ms(what.running_for))
    .with("cpu_time", in_ms(what.used))
    .with("quota", to_text(options.quota))
    .with("period", to_text(options.period))
    .with("put_last", !what.put_last    ? "no"
                      : core_->undone() ? "until it comes back"
                                        : "for good");
  emit(std::move(told));
}

} // namespace bulwark::detail
