#include <bulwark/events/detail/monitor_actor.hpp>

#include <string_view>
#include <utility>

// A node tells the alerts of what lives on it; those of the whole cluster are
// told by the connected node with the smallest name.

namespace bulwark::detail {

void monitor_actor::look_for_alerts() {
  if (!ledger_.loaded || now() < ledger_.look_at)
    return;
  ledger_.look_at = now() + options_.alert_every;
  auto at = ledger_now();
  auto report = ledger_.kept.report(at, query_of(std::chrono::hours{24}, {}));
  static_cast<void>(ledger_.rules.look(report, at));
  std::map<std::string, alert> mine;
  for (auto& each : ledger_.rules.open())
    if (is_mine(each))
      mine.emplace(each.id, std::move(each));
  auto before = std::exchange(ledger_.told, mine);
  for (const auto& [id, each] : mine)
    if (!before.contains(id))
      tell_alert({true, each});
  // One that another node tells from now on is not over.
  for (const auto& [id, each] : before)
    if (!mine.contains(id) && is_mine(each))
      tell_alert({false, each});
}

/// An alert's id ends with what it is of: `burn_1h/alpha:/root/orders`.
bool monitor_actor::is_mine(const alert& what) const {
  std::string_view of = what.id;
  of.remove_prefix(std::min(of.size(), of.find('/') + 1));
  auto colon = of.find(':');
  if (!what.id.starts_with("threshold/") && colon != std::string_view::npos)
    return of.substr(0, colon) == options_.node;
  return peers_.empty() || options_.node < peers_.begin()->first;
}

void monitor_actor::tell_alert(const alert_change& what) {
  auto told =
    make(what.raised ? event_kind::alert_raised : event_kind::alert_resolved,
         what.what.words);
  if (what.raised)
    told.level = what.what.critical ? severity::critical : severity::medium;
  told.with("id", what.what.id);
  record(std::move(told));
  if (!options_.on_alert)
    return;
  try {
    options_.on_alert(what);
  } catch (...) {
    // A hook that fails must not end the monitor; the event is kept.
  }
}

} // namespace bulwark::detail
