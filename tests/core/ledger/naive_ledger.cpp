#include "core/ledger/naive_ledger.hpp"

#include <algorithm>
#include <set>
#include <tuple>

using namespace bulwark;
using kind = bulwark::event_kind;

namespace {

const std::set<kind> mattering{
  kind::child_started,    kind::child_failed,     kind::child_restarted,
  kind::child_stopped,    kind::child_gave_up,    kind::service_started,
  kind::service_down,     kind::service_up,       kind::node_started,
  kind::node_draining,    kind::node_stopped,     kind::node_crashed,
  kind::node_lost,        kind::node_joined,      kind::node_left,
  kind::failure_reported, kind::recovery_reported};

int64_t time_of(const event& what) {
  return what.booted.time_since_epoch().count() + what.uptime.count() / 1000;
}

std::string node_of_path(const std::string& path) {
  return path.rfind("node/", 0) == 0 ? path.substr(5) : "";
}

bool estimated(const event& what) {
  for (const auto& [key, value] : what.metadata)
    if (key == "estimated")
      return value == "true";
  return false;
}

} // namespace

naive_ledger::naive_ledger(const std::vector<event>& events, wall_time now)
  : now_(now.time_since_epoch().count()) {
  enter(events);
  tell_nodes();
  std::set<name> names;
  for (const auto& each : entries_) {
    auto node = node_of_path(each.what.component);
    names.insert({node.empty() ? each.what.node : "", each.what.component});
  }
  for (const auto& who : names)
    if (who.first.empty())
      tell_node_component(who);
    else
      tell_component(who);
  tell_services();
  for (const auto& [who, of] : stories_)
    by_id_[of.id] = &of;
  tell_cascades();
}

void naive_ledger::enter(const std::vector<event>& events) {
  std::set<std::tuple<std::string, uint64_t, uint64_t>> seen;
  for (const auto& each : events) {
    if (!seen.insert({each.node, each.boot, each.sequence}).second)
      continue;
    all_.push_back(each);
    if (mattering.count(each.kind) == 0)
      continue;
    auto at = time_of(each);
    if (each.kind == kind::node_crashed)
      entries_.push_back(
        {at - (each.downtime ? each.downtime->count() / 1000 : 0), each, true});
    entries_.push_back({at, each, false});
  }
  std::erase_if(entries_, [this](const entry& x) { return x.at > now_; });
  std::sort(entries_.begin(), entries_.end(), [](auto& a, auto& b) {
    auto key = [](const entry& x) {
      return std::tuple{x.at, x.what.node, x.what.boot, x.what.sequence,
                        !x.beginning};
    };
    return key(a) < key(b);
  });
}

void naive_ledger::tell_nodes() {
  std::set<std::string> names;
  for (const auto& each : entries_) {
    names.insert(each.what.node);
    if (auto node = node_of_path(each.what.component); !node.empty())
      names.insert(node);
  }
  for (const auto& node : names) {
    auto& of = nodes_[node];
    std::pair<int64_t, uint64_t> latest{INT64_MIN, 0};
    bool stopped = false;
    for (const auto& [at, what, beginning] : entries_) {
      std::pair boot{what.booted.time_since_epoch().count(), what.boot};
      auto boots = what.node == node && !beginning && boot > latest;
      if (boots)
        latest = boot;
      auto about = what.component == "node/" + node;
      auto stops =
        about
        && (what.kind == kind::node_stopped || what.kind == kind::node_left);
      auto joins = about && what.kind == kind::node_joined;
      stopped = stops || (stopped && !boots && !joins);
      of.stops.push_back(stops);
      of.boots.push_back(boots);
      of.stopped.push_back(stopped);
    }
  }
  for (const auto& node : names)
    tell_node(node);
}

// Lost as long as one observer says so.
void naive_ledger::tell_node(const std::string& node) {
  auto& of = nodes_[node];
  of.lost.assign(entries_.size(), false);
  for (const auto& [observer, seen] : nodes_) {
    bool lost = false;
    for (size_t i = 0; i < entries_.size(); ++i) {
      const auto& [at, what, beginning] = entries_[i];
      auto mine = what.node == observer && what.component == "node/" + node;
      if (seen.boots[i] && observer != node)
        lost = false;
      if (of.stopped[i] || (seen.stops[i] && observer != node))
        lost = false;
      else if (mine && (what.kind == kind::node_lost || beginning))
        lost = true;
      else if (mine
               && (what.kind == kind::node_joined
                   || what.kind == kind::node_crashed))
        lost = false;
      if (lost)
        of.lost[i] = true;
    }
  }
}

void naive_ledger::tell_node_component(const name& who) {
  story of;
  of.id = of.path = who.second;
  of.node = node_of_path(who.second);
  of.kind = component_kind::node;
  const auto& node = nodes_[of.node];
  bool known = false;
  bool before = false;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const auto& [at, what, beginning] = entries_[i];
    known = known || what.component == who.second;
    auto lost = node.lost[i];
    if (lost && !before) {
      of.failures.push_back(at);
      of.outages.push_back(at);
      failures_.push_back({i, who, 0, 0});
    }
    auto back =
      what.component == who.second
      && (what.kind == kind::node_joined || what.kind == kind::node_crashed);
    if (before && !lost && back) {
      ++of.recoveries;
      if (estimated(what))
        ++of.estimated;
      else
        of.recovery_times.push_back(at - of.outages.back());
    }
    before = lost;
    of.was.push_back(!known            ? how::unknown
                     : node.stopped[i] ? how::absent
                     : lost            ? how::down
                                       : how::up);
    of.counts.push_back(known);
    of.service.push_back(false);
  }
  of.down_since = of.outages.empty() ? 0 : of.outages.back();
  stories_[who] = of;
}

void naive_ledger::tell_component(const name& who) {
  story of;
  of.id = who.first + ":" + who.second;
  std::tie(of.node, of.path) = who;
  const auto& node = nodes_[who.first];
  bool known = false;
  bool failing = false;
  bool held = false;
  bool stopped = false;
  bool awaited = false;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const auto& [at, what, beginning] = entries_[i];
    if (node.boots[i] && known) {
      failing = held = false;
      stopped = false;
      awaited = of.kind != component_kind::application;
    }
    // A boot that begins is a break, unless it is down all the same.
    auto lost_before = i > 0 && node.lost[i - 1];
    auto broken = node.boots[i] && (stopped || !lost_before);
    if (node.stops[i])
      failing = held = false;
    if (what.node == who.first && what.component == who.second) {
      known = true;
      stopped = what.kind == kind::child_stopped;
      awaited = false;
      auto is = classify(what.kind);
      auto of_service = what.kind == kind::service_started
                        || what.kind == kind::service_down
                        || what.kind == kind::service_up;
      auto of_application = what.kind == kind::failure_reported
                            || what.kind == kind::recovery_reported;
      if (of.kind == component_kind::replica)
        of.kind = of_service       ? component_kind::service
                  : of_application ? component_kind::application
                                   : component_kind::replica;
      if (is == event_class::failure) {
        of.failures.push_back(at);
        failures_.push_back({i, who, 0, 0});
      }
      if ((is == event_class::failure || what.kind == kind::child_gave_up)
          && !failing) {
        of.outages.push_back(at);
        failing = true;
      }
      held = held || what.kind == kind::service_down;
      auto of_child =
        what.kind == kind::child_restarted || what.kind == kind::child_started;
      auto ends = is == event_class::recovery
                  || what.kind == kind::child_started
                  || what.kind == kind::child_stopped
                  || what.kind == kind::service_started;
      ends = ends && !(held && of_child);
      if (is == event_class::recovery) {
        ++of.recoveries;
        if (estimated(what))
          ++of.estimated;
        else if (what.downtime)
          of.recovery_times.push_back(what.downtime->count() / 1000);
        else if (ends && failing)
          of.recovery_times.push_back(at - of.outages.back());
      }
      if (ends)
        failing = held = false;
    }
    auto before = of.was.empty() ? how::unknown : of.was.back();
    auto now = !known                       ? how::unknown
               : node.stopped[i] || stopped ? how::absent
               : failing || node.lost[i]    ? how::down
               : awaited                    ? how::absent
                                            : how::up;
    if (now == how::down && (before != how::down || broken))
      of.down_since = at;
    of.was.push_back(now);
    of.counts.push_back(known && of.kind != component_kind::replica);
    of.service.push_back(of.kind == component_kind::service);
  }
  of.unreachable = !node.lost.empty() && node.lost.back();
  stories_[who] = of;
}

void naive_ledger::tell_services() {
  std::map<std::string, std::vector<const story*>> members;
  for (const auto& [who, of] : stories_)
    if (of.kind == component_kind::service)
      members[who.second.substr(who.second.rfind('/') + 1)].push_back(&of);
  std::map<name, story> services;
  for (const auto& [leaf, all] : members) {
    story of;
    of.id = "service/" + leaf;
    of.path = leaf;
    of.kind = component_kind::cluster_service;
    for (size_t i = 0; i < entries_.size(); ++i) {
      std::set<how> found;
      for (const auto* each : all)
        if (each->service[i])
          found.insert(each->was[i]);
      auto now = found.empty()                ? how::unknown
                 : found.count(how::up) > 0   ? how::up
                 : found.count(how::down) > 0 ? how::down
                                              : how::absent;
      auto before = of.was.empty() ? how::unknown : of.was.back();
      if (now == how::down && before != how::down) {
        of.failures.push_back(entries_[i].at);
        of.outages.push_back(entries_[i].at);
      }
      if (before == how::down && now == how::up) {
        ++of.recoveries;
        of.recovery_times.push_back(entries_[i].at - of.outages.back());
      }
      of.was.push_back(now);
      of.counts.push_back(false);
      of.service.push_back(false);
    }
    of.down_since = of.outages.empty() ? 0 : of.outages.back();
    services[{"service", leaf}] = of;
  }
  stories_.merge(services);
}
