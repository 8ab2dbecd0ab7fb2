#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/bulkhead/detail/load_shedder_actor.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <optional>
#include <utility>

namespace bulwark::detail {

namespace {

/// To itself.
struct look_now {};

std::string value_of(pressure_gauge which, const pressure_gauges& gauges) {
  switch (which) {
  case pressure_gauge::none:
    break;
  case pressure_gauge::run_queue_delay:
    return option_checks::shown(gauges.run_queue_delay);
  case pressure_gauge::cpu:
    return option_checks::shown(gauges.cpu);
  case pressure_gauge::memory:
    return option_checks::shown(gauges.memory);
  }
  return "none";
}

event told(const load_shedding_step& step, const pressure_gauges& gauges,
           isolation level) {
  event what;
  what.kind = step.what == load_shedding_step::kind::close
                ? event_kind::bulkhead_isolated
                : event_kind::bulkhead_reopened;
  what.reason = "node pressure " + option_checks::shown(step.pressure.value);
  what.with("gauge", to_string(step.pressure.by))
    .with("value", value_of(step.pressure.by, gauges));
  if (level != isolation::none)
    what.with("turns_away", to_string(level));
  return what;
}

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::look_now)

namespace bulwark::detail {

load_shedder_actor::load_shedder_actor(caf::actor_config& config,
                                       load_shedder_settings settings)
  : system_actor(config, "/load_shedding", settings.events),
    settings_(std::move(settings)),
    load_shedding_(settings_.load_shedding),
    every_(look_interval(settings_.load_shedding)) {}

caf::behavior load_shedder_actor::make_behavior() {
  delayed_send(this, every_, look_now{});
  return {
    [this](look_now) { look(); },
    [this](stop_actor) {
      // Its timer may keep it for a while, but not what it holds.
      settings_ = {};
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void load_shedder_actor::look() {
  delayed_send(this, every_, look_now{});
  try {
    auto gauges = settings_.source->read(now());
    if (auto step = load_shedding_.look(gauges, now()))
      take(*step, gauges);
  } catch (...) {
    // Out of memory, or what is measured cannot be read: at the next look.
  }
}

/// Goes to the cores, not to the actors of the bulkheads: those would need a
/// thread of the scheduler.
void load_shedder_actor::take(const load_shedding_step& step,
                              const pressure_gauges& gauges) const {
  auto close = step.what == load_shedding_step::kind::close;
  for (const auto& each : settings_.bulkheads()) {
    auto& core = *each.core();
    auto level =
      core.with_table([&](permit_table& table, time_point at,
                          auto& changed) -> std::optional<isolation> {
        if (table.options().importance != step.importance
            || !table.flood(close, at, changed))
          return std::nullopt;
        return table.isolated();
      });
    if (level)
      core.emit(told(step, gauges, *level));
  }
}

} // namespace bulwark::detail
