#include <bulwark/ledger/detail/ledger_input.hpp>
#include <bulwark/ledger/detail/ledger_time.hpp>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace bulwark {

using namespace ledger_clock;

namespace {

bool of_node(event_kind kind) {
  return kind >= event_kind::node_started && kind <= event_kind::node_left;
}

bool of_service(event_kind kind) {
  return kind >= event_kind::service_started && kind <= event_kind::service_up;
}

/// Whether it could have happened, so that sums of its times do not overflow.
bool has_time(const event& what) {
  auto booted = of(what.booted);
  return booted >= 0 && booted <= latest && what.uptime >= duration::zero()
         && of(ledger_time(what)) <= latest;
}

int64_t count_of(const event& what) {
  int64_t result = 0;
  auto text = find_metadata(what, "count").value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), result);
  return std::max<int64_t>(result, 0);
}

} // namespace

void ledger_input::add(const event& what) {
  auto possible =
    what.sequence > 0 && has_time(what) && kept_ < options_.events_max;
  auto number = possible ? names_.node(what.node) : no_number;
  if (number == no_number) {
    ++refused_;
    return;
  }
  nodes_.resize(names_.nodes().size());
  auto origin = origin_of(what, number);
  if (origin == no_number) {
    ++refused_;
    return;
  }
  if (!seen_[origin].add(what.sequence))
    return;
  auto at = of(ledger_time(what));
  note(what, number, origin, at);
  if (at < closed_until_) {
    ++late_;
    return;
  }
  if (!is_in_ledger(what.kind))
    return;
  mark result;
  result.at = at;
  result.sequence = what.sequence;
  result.origin = origin;
  result.component = no_number;
  if (what.kind == event_kind::events_dropped)
    result.downtime = count_of(what);
  else if (is_of_warning(what.kind))
    result.downtime = find_metadata(what, "verdict") == "hit" ? 1 : 0;
  else
    result.component = names_.component_of(number, what.component);
  if (of_node(what.kind)
      && names_.components()[result.component].itself == no_number) {
    ++refused_;
    return;
  }
  add_mark(result, what);
}

void ledger_input::removed(const std::string& node, uint64_t boot,
                           uint64_t from, uint64_t to) {
  auto number = names_.node(node);
  auto known = by_boot_.find({number, boot});
  if (number != no_number && known != by_boot_.end() && from > 0 && from <= to)
    seen_[known->second].fill(from, to);
}

void ledger_input::note(const event& what, uint32_t number, uint32_t origin,
                        int64_t at) {
  auto& told = origins_[origin];
  told.booted = std::min(told.booted, of(what.booted));
  told.latest = std::max(told.latest, at);
  auto& node = nodes_[number];
  node.told = true;
  node.booted = std::max(node.booted, of(what.booted));
  if (what.kind == event_kind::node_stopped)
    node.stopped = std::max(node.stopped, of(what.booted));
}

void ledger_input::add_mark(mark result, const event& from) {
  result.kind = from.kind;
  result.level = from.level;
  result.type = names_.word_of(from);
  result.estimated = find_metadata(from, "estimated") == "true";
  if (of_service(from.kind))
    names_.is_service(result.component);
  if (from.kind == event_kind::service_started)
    result.declaration = names_.declared(from);
  if (from.downtime)
    result.downtime = std::clamp<int64_t>(of(*from.downtime), 0, longest);
  if (from.kind == event_kind::node_crashed) {
    auto beginning = result;
    beginning.beginning = true;
    beginning.at -= std::max<int64_t>(result.downtime, 0);
    // What it tells of closed hours cannot be told any more.
    beginning.at = std::max(within(beginning.at), closed_until_);
    keep(beginning);
  }
  keep(result);
}

void ledger_input::keep(const mark& what) {
  auto& where = hours_[hour_of(what.at)];
  if (!where.marks.empty() && where.sorted)
    where.sorted = before(where.marks.back(), what);
  where.marks.push_back(what);
  ++kept_;
}

bool ledger_input::before(const mark& a, const mark& b) const {
  if (a.at != b.at)
    return a.at < b.at;
  const auto& x = origins_[a.origin];
  const auto& y = origins_[b.origin];
  if (x.node != y.node)
    return names_.nodes()[x.node] < names_.nodes()[y.node];
  return std::tuple{x.boot, a.sequence, !a.beginning}
         < std::tuple{y.boot, b.sequence, !b.beginning};
}

void ledger_input::sort(hour_marks& which) const {
  if (which.sorted)
    return;
  std::sort(which.marks.begin(), which.marks.end(),
            [this](const mark& a, const mark& b) { return before(a, b); });
  which.sorted = true;
}

uint32_t ledger_input::origin_of(const event& what, uint32_t node) {
  if (last_origin_ != no_number && origins_[last_origin_].node == node
      && origins_[last_origin_].boot == what.boot)
    return last_origin_;
  auto key = std::pair{node, what.boot};
  auto known = by_boot_.find(key);
  if (known != by_boot_.end())
    return last_origin_ = known->second;
  auto number = place_for_origin();
  if (number == no_number)
    return no_number;
  origins_[number] = {node, what.boot, of(what.booted), never};
  seen_[number] = {};
  by_boot_.emplace(key, number);
  return last_origin_ = number;
}

uint32_t ledger_input::place_for_origin() {
  if (origins_.size() < options_.boots_max) {
    origins_.emplace_back();
    seen_.emplace_back();
    return static_cast<uint32_t>(origins_.size() - 1);
  }
  auto oldest = std::min_element(
    origins_.begin(), origins_.end(),
    [](const auto& a, const auto& b) { return a.latest < b.latest; });
  // Marks that are kept name their origin.
  if (oldest == origins_.end() || oldest->latest >= closed_until_)
    return no_number;
  auto number = static_cast<uint32_t>(oldest - origins_.begin());
  gaps_forgotten_ += seen_[number].holes().size() + seen_[number].closed();
  by_boot_.erase({oldest->node, oldest->boot});
  return number;
}

int64_t ledger_input::complete_until(const std::string& name, int64_t until) {
  if (auto number = names_.node(name); number != no_number) {
    nodes_.resize(names_.nodes().size());
    nodes_[number].until = std::max(nodes_[number].until, within(until));
  }
  auto greatest = never;
  auto least = INT64_MAX;
  for (const auto& each : nodes_) {
    greatest = std::max(greatest, each.until);
    auto runs = each.stopped == never || each.booted > each.stopped;
    if (runs && (each.told || each.until != never))
      least = std::min(least, each.until);
  }
  if (greatest == never)
    return closed_until_;
  auto horizon = std::max(std::min(least, greatest), greatest - patience);
  return std::max(closed_until_, hour_of(horizon - exact) * ledger_clock::hour);
}

void ledger_input::tell(fault_tolerance_report& report) const {
  report.late = late_;
  report.refused = refused_;
  report.gaps_more = gaps_forgotten_;
  std::map<std::pair<std::string, uint64_t>, uint32_t> in_order;
  for (const auto& [key, number] : by_boot_)
    in_order.emplace(std::pair{names_.nodes()[key.first], key.second}, number);
  for (const auto& [key, number] : in_order)
    tell_holes(seen_[number], key.first, key.second, report);
}

void ledger_input::tell_holes(const sequence_set& seen, const std::string& node,
                              uint64_t boot, fault_tolerance_report& report) {
  report.gaps_more += seen.closed();
  for (const auto& hole : seen.holes()) {
    if (report.gaps.size() < fault_tolerance_report::gaps_max)
      report.gaps.push_back({node, boot, hole.from, hole.to});
    else
      ++report.gaps_more;
  }
}

size_t ledger_input::bytes() const {
  size_t result = names_.bytes() + origins_.capacity() * 160;
  for (const auto& each : seen_)
    result += each.holes().capacity() * sizeof(sequence_set::hole);
  for (const auto& [number, these] : hours_)
    result += 64 + these.marks.capacity() * sizeof(mark);
  return result;
}

} // namespace bulwark
