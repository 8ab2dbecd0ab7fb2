#include <bulwark/ledger/detail/cascade_links.hpp>
#include <bulwark/ledger/detail/fold_step.hpp>

#include <algorithm>
#include <tuple>

namespace bulwark {

namespace {

/// What an event of this kind shows its component to be.
component_kind kind_by(event_kind kind) {
  switch (kind) {
  case event_kind::service_started:
  case event_kind::service_down:
  case event_kind::service_up:
    return component_kind::service;
  case event_kind::failure_reported:
  case event_kind::recovery_reported:
    return component_kind::application;
  default:
    return component_kind::replica;
  }
}

} // namespace

fold_step::fold_step(cluster_fold& fold, const ledger_names& names,
                     const ledger_names::origin& origin, const mark& what)
  : fold_(fold), names_(names), origin_(origin), mark_(what) {
  if (fold_.components.size() < names.components().size())
    fold_.components.resize(names.components().size());
  if (fold_.nodes.size() < names.nodes().size())
    fold_.nodes.resize(names.nodes().size());
  if (fold_.services.size() < names.services().size())
    fold_.services.resize(names.services().size());
}

void fold_step::run() {
  // A beginning is told by the boot after the one that it happened in.
  if (!mark_.beginning)
    begin_boot();
  if (mark_.kind == event_kind::events_dropped)
    fold_.dropped += static_cast<uint64_t>(mark_.downtime);
  else if (is_of_warning(mark_.kind))
    of_warning();
  else if (auto node = names_.components()[mark_.component].itself;
           node != no_number)
    of_node(node);
  else
    of_component();
  settle();
}

void fold_step::of_warning() {
  auto& counts = fold_.warnings;
  if (mark_.kind == event_kind::warning_raised)
    ++counts.raised;
  else
    ++(mark_.downtime > 0 ? counts.hits : counts.false_alarms);
}

void fold_step::of_component() {
  auto number = mark_.component;
  auto& who = fold_.components[number];
  know(number, kind_by(mark_.kind));
  who.stopped = mark_.kind == event_kind::child_stopped;
  who.awaited = false;
  switch (mark_.kind) {
  case event_kind::service_started:
    close(who);
    who.declared = mark_.declaration;
    break;
  case event_kind::child_started:
    if (!who.held)
      close(who);
    break;
  case event_kind::child_stopped:
    close(who);
    break;
  case event_kind::child_gave_up:
    open(who);
    break;
  case event_kind::child_failed:
  case event_kind::failure_reported:
    fail(number);
    break;
  case event_kind::service_down:
    fail(number);
    who.held = true;
    break;
  case event_kind::child_restarted:
    recover(who, !who.held);
    break;
  case event_kind::service_up:
  case event_kind::recovery_reported:
    recover(who, true);
    break;
  default:
    break;
  }
  look_at(number);
}

void fold_step::of_node(uint32_t which) {
  fold_.nodes[which].itself = mark_.component;
  know(mark_.component, component_kind::node);
  switch (mark_.kind) {
  case event_kind::node_stopped:
  case event_kind::node_left:
    stop_node(which);
    break;
  case event_kind::node_lost:
    see_lost(which);
    break;
  case event_kind::node_joined:
    fold_.nodes[which].stopped = false;
    see_back(which);
    break;
  case event_kind::node_crashed:
    if (mark_.beginning)
      see_lost(which);
    else
      see_back(which);
    break;
  default:
    break;
  }
  look_at_node(which);
}

void fold_step::begin_boot() {
  auto& node = fold_.nodes[origin_.node];
  if (std::tie(origin_.booted, origin_.boot)
      <= std::tie(node.booted, node.boot))
    return;
  node.booted = origin_.booted;
  node.boot = origin_.boot;
  node.stopped = false;
  for (auto number : names_.living_on(origin_.node)) {
    auto& who = fold_.components[number];
    if (who.track.now == presence::unknown)
      continue;
    close(who);
    // An application does not tell when its own components start.
    who.stopped = false;
    who.awaited = who.kind != component_kind::application;
  }
  forget_views_of(origin_.node);
  look_at_node(origin_.node);
}

void fold_step::stop_node(uint32_t which) {
  auto& node = fold_.nodes[which];
  node.stopped = true;
  node.lost_by.clear();
  close(fold_.components[node.itself]);
  for (auto number : names_.living_on(which))
    close(fold_.components[number]);
  forget_views_of(which);
}

void fold_step::open(component& who) {
  if (who.failing || who.kind == component_kind::others)
    return;
  who.failing = true;
  who.failing_since = mark_.at;
  who.sums.add_outage(mark_.at);
}

void fold_step::close(component& who) {
  who.failing = false;
  who.held = false;
}

void fold_step::fail(uint32_t which) {
  auto& sums = fold_.components[which].sums;
  ++sums.failures;
  sums.last_failure = mark_.at;
  ++fold_.by_severity[std::min<size_t>(static_cast<size_t>(mark_.level), 4)];
  auto hour = ledger_clock::hour_of(mark_.at) % 24;
  ++fold_.by_hour[static_cast<size_t>((hour + 24) % 24)];
  if (fold_.by_word.size() <= mark_.type)
    fold_.by_word.resize(mark_.type + size_t{1});
  ++fold_.by_word[mark_.type];
  cascade_links links{fold_, names_, which};
  fold_.cascades.failed(which, mark_.at,
                        [&](uint32_t first) { return links.from(first); });
  open(fold_.components[which]);
}

void fold_step::recover(component& who, bool closes) {
  closes = closes && who.failing;
  ++who.sums.recoveries;
  if (mark_.estimated)
    ++who.sums.estimated;
  else if (mark_.downtime != mark::no_downtime)
    who.sums.add_recovery(mark_.downtime);
  else if (closes)
    who.sums.add_recovery(mark_.at - who.failing_since);
  if (closes)
    close(who);
}

void fold_step::see_lost(uint32_t which) {
  auto& node = fold_.nodes[which];
  auto& by = node.lost_by;
  auto observer = origin_.node;
  if (node.stopped || std::find(by.begin(), by.end(), observer) != by.end())
    return;
  by.push_back(observer);
  if (by.size() == 1)
    fail(node.itself);
}

void fold_step::see_back(uint32_t which) {
  auto& node = fold_.nodes[which];
  if (std::erase(node.lost_by, origin_.node) == 0 || !node.lost_by.empty())
    return;
  // The length of what all have seen, not what one of them has measured.
  auto& who = fold_.components[node.itself];
  ++who.sums.recoveries;
  if (mark_.estimated)
    ++who.sums.estimated;
  else
    who.sums.add_recovery(mark_.at - who.failing_since);
  close(who);
}

void fold_step::forget_views_of(uint32_t observer) {
  for (uint32_t which = 0; which < fold_.nodes.size(); ++which) {
    auto& node = fold_.nodes[which];
    // What it tells of its own crash is of the boot that tells it.
    if (which == observer || std::erase(node.lost_by, observer) == 0
        || !node.lost_by.empty())
      continue;
    close(fold_.components[node.itself]);
    look_at_node(which);
  }
}

} // namespace bulwark
