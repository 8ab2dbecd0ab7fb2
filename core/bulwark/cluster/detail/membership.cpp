#include <bulwark/cluster/detail/membership.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

using changes = membership::changes;

/// Whether it counts as a node of the cluster that is there, or should be.
bool membership::met(const record& of) noexcept {
  switch (of.seen.state) {
  case member_state::up:
  case member_state::suspect:
  case member_state::leaving:
    return true;
  case member_state::unreachable:
    return !of.seen.lost;
  default:
    return false;
  }
}

/// This one as well.
size_t membership::nodes() const {
  return 1
         + static_cast<size_t>(
           std::count_if(all_.begin(), all_.end(),
                         [](const auto& each) { return met(each.second); }));
}

member_change membership::move(record& of, member_state to,
                               const std::string& reason, time_point now) {
  member_change result;
  result.node = of.seen.node;
  result.from = std::exchange(of.seen.state, to);
  result.to = to;
  result.reason = reason;
  of.seen.reason = reason;
  if (result.from != to)
    of.seen.since = now;
  if (to != member_state::unreachable)
    of.seen.lost = false;
  return result;
}

/// Nobody is asked about it any more.
void membership::settle(record& of) noexcept {
  of.opinion.reset();
  of.ask_again.reset();
  of.pause = ask_again_min;
}

// -- what happens -------------------------------------------------------------

void membership::make_room() {
  if (all_.size() < members_max)
    return;
  auto oldest = all_.end();
  for (auto it = all_.begin(); it != all_.end(); ++it)
    if (!it->second.connected
        && (oldest == all_.end()
            || it->second.away_since < oldest->second.away_since))
      oldest = it;
  if (oldest != all_.end())
    all_.erase(oldest);
}

changes membership::known(const std::string& node, const std::string& address,
                          time_point now, duration gone) {
  if (all_.count(node) != 0 || gone >= options_.forget_after)
    return {};
  make_room();
  auto& it = all_[node];
  it.seen.node = node;
  it.seen.address = address;
  it.seen.since = now;
  it.away_since = now - gone;
  return {{node, member_state::joining, member_state::joining}};
}

changes membership::connected(const std::string& node, uint64_t boot,
                              const std::string& address, time_point now) {
  if (all_.count(node) == 0)
    make_room();
  auto& it = all_[node];
  changes result;
  if (it.seen.boot != 0 && it.seen.boot != boot
      && (it.connected || it.seen.state == member_state::suspect))
    result.push_back(restarted(it, now));
  auto was_lost = it.seen.lost;
  auto since = it.away_since;
  it.seen.node = node;
  it.seen.boot = boot;
  if (!address.empty())
    it.seen.address = address;
  settle(it);
  // Both connected to each other at the same time.
  auto again = std::exchange(it.connected, true);
  if (again && it.seen.state == member_state::up)
    return result;
  result.push_back(move(it, member_state::up, {}, now));
  result.back().joined = !again;
  if (was_lost)
    result.back().downtime = now - since;
  return result;
}

/// What it was is gone, and nobody has to be asked about that.
member_change membership::restarted(record& of, time_point now) {
  auto leaving = of.seen.state == member_state::leaving;
  if (std::exchange(of.connected, false) && !of.opinion)
    of.away_since = now;
  settle(of);
  auto result =
    move(of, leaving ? member_state::left : member_state::unreachable,
         "restarted", now);
  result.lost = of.seen.lost = !leaving;
  return result;
}

changes membership::suspected(const std::string& node,
                              const std::string& reason, time_point now) {
  auto it = all_.find(node);
  if (it == all_.end() || !it->second.connected || it->second.opinion)
    return {};
  it->second.away_since = now;
  return doubt(it->second, reason, now);
}

changes membership::heard(const std::string& node, time_point now) {
  auto it = all_.find(node);
  if (it == all_.end() || !it->second.connected
      || it->second.seen.state != member_state::suspect)
    return {};
  it->second.opinion.reset();
  return {move(it->second, member_state::up, "it is heard again", now)};
}

changes membership::leaves(const std::string& node, time_point now) {
  auto it = all_.find(node);
  if (it == all_.end() || !it->second.connected
      || it->second.seen.state == member_state::leaving)
    return {};
  settle(it->second);
  return {move(it->second, member_state::leaving, "it is about to stop", now)};
}

changes membership::refused(const std::string& node, const std::string& reason,
                            time_point now) {
  auto it = all_.find(node);
  if (it == all_.end() || !std::exchange(it->second.connected, false))
    return {};
  it->second.away_since = now;
  settle(it->second);
  return {move(it->second, member_state::unreachable, reason, now)};
}

changes membership::disconnected(const std::string& node, bool goodbye,
                                 const std::string& reason, time_point now) {
  auto it = all_.find(node);
  if (it == all_.end() || !std::exchange(it->second.connected, false))
    return {};
  auto& which = it->second;
  if (!which.opinion)
    which.away_since = now;
  if (goodbye) {
    settle(which);
    return {move(which, member_state::left, reason, now)};
  }
  // Others are being asked already, or have answered.
  if (which.opinion || which.seen.state == member_state::unreachable)
    return {};
  return doubt(which, reason, now);
}

// -- time ---------------------------------------------------------------------

changes membership::look(time_point now) {
  changes result;
  for (auto it = all_.begin(); it != all_.end();) {
    auto& each = it->second;
    if (each.ask_again && now >= *each.ask_again)
      begin_opinion(each, now);
    auto some = judge(each, now);
    result.insert(result.end(), some.begin(), some.end());
    if (each.connected || now - each.away_since < options_.forget_after) {
      ++it;
      continue;
    }
    result.push_back(move(each, member_state::forgotten, {}, now));
    it = all_.erase(it);
  }
  return result;
}

std::optional<time_point> membership::next_due() const {
  std::optional<time_point> result;
  auto at = [&](time_point when) {
    result = result ? std::min(*result, when) : when;
  };
  for (const auto& [node, each] : all_) {
    if (each.opinion)
      at(each.opinion->due());
    if (each.ask_again)
      at(*each.ask_again);
    if (!each.connected)
      at(each.away_since + options_.forget_after);
  }
  return result;
}

// -- how it stands ------------------------------------------------------------

std::vector<cluster_member> membership::members() const {
  std::vector<cluster_member> result;
  for (const auto& [node, each] : all_)
    result.push_back(each.seen);
  return result;
}

const cluster_member* membership::find(const std::string& node) const {
  auto it = all_.find(node);
  return it == all_.end() ? nullptr : &it->second.seen;
}

std::optional<duration> membership::away(const std::string& node,
                                         time_point now) const {
  auto it = all_.find(node);
  if (it == all_.end() || it->second.connected)
    return std::nullopt;
  return now - it->second.away_since;
}

} // namespace bulwark::detail
