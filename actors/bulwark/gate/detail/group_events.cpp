#include <bulwark/gate/detail/group_events.hpp>
#include <bulwark/text/duration_text.hpp>

#include <cmath>

namespace bulwark::detail {

namespace {

std::string whole(double n) {
  return std::to_string(std::llround(n));
}

} // namespace

std::string group_events::name_of(size_t member) const {
  return service_ + "#" + std::to_string(member + 1);
}

std::string group_events::path_of(size_t member) const {
  return "/root/" + service_ + "/" + name_of(member);
}

event group_events::made(event_kind kind, std::string component,
                         const failure_context& context) const {
  event result;
  result.kind = kind;
  result.level = severity_of(kind, context);
  result.component = std::move(component);
  return result;
}

std::optional<event> group_events::event_of(const usage_step& step,
                                            failure_type why,
                                            const replica_usage& of) const {
  if (const auto* change = std::get_if<redundancy_step>(&step))
    return told(*change, of);
  if (const auto* change = std::get_if<ejection_change>(&step))
    return told(*change);
  if (const auto* change = std::get_if<health_change>(&step))
    return told(*change);
  if (const auto* change = std::get_if<panic_step>(&step))
    return told(*change);
  return told(std::get<outage_step>(step), why, of);
}

std::optional<event> group_events::told(const redundancy_step& step,
                                        const replica_usage& of) const {
  auto about = [&](event_kind kind) {
    return made(kind, path_of(step.member));
  };
  auto instead = [&](event_kind kind) {
    auto result = about(kind);
    if (step.instead_of != redundancy_step::nobody)
      result.with("instead_of", name_of(step.instead_of));
    return result;
  };
  switch (step.kind) {
  case redundancy_step_kind::replica_failed: {
    const auto& who = of.members()[step.member];
    auto result = about(event_kind::replica_failed);
    result.reason = who.reason;
    return result.with("failures", std::to_string(who.failure_count));
  }
  case redundancy_step_kind::load_redistributed:
    return about(event_kind::load_redistributed)
      .with("requests", whole(step.load));
  case redundancy_step_kind::standby_promoted: {
    auto result = instead(event_kind::standby_promoted);
    if (step.instead_of != redundancy_step::nobody)
      result.reason = of.members()[step.instead_of].reason;
    return result;
  }
  case redundancy_step_kind::failed_back:
    return instead(event_kind::failed_back);
  case redundancy_step_kind::group_exhausted:
    return made(event_kind::group_exhausted, "/root/" + service_)
      .with("min_healthy", std::to_string(min_healthy_));
  case redundancy_step_kind::stood_down:
  case redundancy_step_kind::resumed:
    break;
  }
  return std::nullopt;
}

event group_events::told(const ejection_change& step) const {
  if (!step.ejected)
    return made(event_kind::replica_returned, path_of(step.member));
  return made(event_kind::replica_ejected, path_of(step.member))
    .with("cause", to_string(step.cause))
    .with("for", to_text(step.length))
    .with("times", std::to_string(step.times));
}

/// Of what a replica says of itself tells whoever is promoted instead of it.
std::optional<event> group_events::told(const health_change& step) const {
  if (step.source != health_source::probe)
    return std::nullopt;
  if (step.well)
    return made(event_kind::replica_returned, path_of(step.member));
  auto result = made(event_kind::replica_ejected, path_of(step.member));
  result.reason = step.reason;
  return result.with("cause", to_string(step.source));
}

event group_events::told(const panic_step& step) const {
  return made(event_kind::group_panicked, "/root/" + service_)
    .with("usable", std::to_string(step.usable))
    .with("ejected", std::to_string(step.ejected));
}

event group_events::told(const outage_step& step, failure_type why,
                         const replica_usage& of) const {
  if (step.over) {
    auto result = made(event_kind::service_up, "/root/" + service_);
    result.downtime = step.length;
    return result.with("method",
                       step.by_failover ? "failover" : "automatic_restart");
  }
  auto result = made(event_kind::service_down, "/root/" + service_,
                     {step.up, min_healthy_, 0});
  result.level = shifted(result.level, severity_shift_);
  result.failure = why;
  result.reason = of.members()[step.member].reason;
  return result.with("up", std::to_string(step.up))
    .with("min_healthy", std::to_string(min_healthy_));
}

} // namespace bulwark::detail
