#include <bulwark/caf/detail/control.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/warning/detail/warning_actor.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// To itself.
struct take_figures {};

event warning_event(const warning_notice& notice) {
  const auto& from = notice.what;
  event result;
  result.kind =
    notice.verdict ? event_kind::warning_settled : event_kind::warning_raised;
  result.level = severity_of(result.kind);
  result.component = from.subject;
  result.reason = from.forecast;
  result.with("kind", to_string(from.kind));
  if (notice.verdict)
    result.with("verdict", to_string(*notice.verdict));
  result.with("ahead", to_text(from.due - from.at)).with("basis", from.basis);
  if (!notice.verdict && !from.advice.empty())
    result.with("advice", from.advice);
  return result;
}

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::take_figures)

namespace bulwark::detail {

warning_actor::warning_actor(caf::actor_config& config,
                             warning_watch_settings settings)
  : system_actor(config, "/warnings", settings.events),
    settings_(std::move(settings)),
    warnings_(settings_.options) {}

caf::behavior warning_actor::make_behavior() {
  delayed_send(this, settings_.every, take_figures{});
  return {
    [this](take_figures) {
      delayed_send(this, settings_.every, take_figures{});
      look();
    },
    [this](const failure_seen& what) {
      tell_all(
        warnings_.failed(what.component, what.limit, what.period, now()));
    },
    [this](stop_actor) {
      // Its timer may keep it for a while, but not what it holds.
      settings_ = {};
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void warning_actor::look() {
  tell_all(warnings_.look(now()));
  try {
    for (const auto& each : settings_.samples())
      tell_all(warnings_.sample(each, now()));
    if (settings_.latencies)
      for (const auto& [service, p99] : settings_.latencies())
        tell_all(warnings_.answered(service, p99, now()));
    if (settings_.silences)
      for (const auto& [peer, longest] : settings_.silences())
        tell_all(warnings_.heard(peer, longest, now()));
  } catch (...) {
    // A figure that cannot be read, or no memory: at the next look.
  }
}

void warning_actor::tell_all(const early_warning::notices& all) const {
  for (const auto& each : all)
    emit(warning_event(each));
}

} // namespace bulwark::detail
