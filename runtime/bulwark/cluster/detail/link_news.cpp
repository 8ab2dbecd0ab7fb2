#include <bulwark/cluster/detail/link.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

// How the services of this node do, for its peers, and theirs for the gates
// here. What peers do not know yet is sent as a whole, then what changes.

namespace bulwark::detail {

namespace {

/// How often services are looked at while there are peers.
constexpr std::chrono::milliseconds news_gap{100};

} // namespace

peer_offer link::offer_now(const std::string& service,
                           const gate& which) const {
  auto now = which.status();
  peer_offer result;
  result.replicas = static_cast<uint32_t>(now.replicas_up);
  result.load = static_cast<uint32_t>(
    std::min<size_t>(now.in_flight + now.waiting, UINT32_MAX));
  if (draining_)
    result.state = offer_state::draining;
  else if (options_.isolated && options_.isolated(service))
    result.state = offer_state::isolated;
  else if (now.replicas_up == 0)
    result.state = offer_state::down;
  else if (now.replicas_up < now.replicas)
    result.state = offer_state::degraded;
  return result;
}

/// While nobody is there to be told, nothing is looked at.
void link::plan_news() {
  if (news_planned_ || peers_.empty() || options_.offers.empty())
    return;
  news_planned_ = true;
  delayed_send(this, news_gap, link_news{});
}

void link::on_news_due() {
  news_planned_ = false;
  auto changed = look_at_offers();
  if (!changed.services.empty())
    changed.version = ++news_version_;
  std::optional<offer_news> whole;
  for (auto& [node, known] : peers_) {
    if (!known.understands)
      continue;
    if (!std::exchange(known.told, true)) {
      if (!whole)
        whole = all_offers();
      tell_news(known.link, *whole);
    } else if (!changed.services.empty()) {
      tell_news(known.link, changed);
    }
  }
  plan_news();
}

offer_news link::look_at_offers() {
  offer_news result;
  for (const auto& [service, which] : options_.offers) {
    auto now = offer_now(service, which);
    auto [known, fresh] = told_.try_emplace(service, now);
    if (!fresh && !worth_telling(known->second, now))
      continue;
    known->second = now;
    result.services.push_back({service, now.state, now.replicas, now.load});
  }
  return result;
}

offer_news link::all_offers() const {
  offer_news result;
  result.version = news_version_;
  for (const auto& [service, each] : told_)
    result.services.push_back({service, each.state, each.replicas, each.load});
  return result;
}

void link::tell_news(const caf::strong_actor_ptr& whom,
                     const offer_news& what) {
  request(caf::actor_cast<caf::actor>(whom), cluster::notice_time, what)
    .then([] {}, [](caf::error&) {});
}

caf::result<void> link::on_news(const offer_news& what) {
  auto it = std::find_if(peers_.begin(), peers_.end(), [&](const auto& each) {
    return each.second.link == current_sender();
  });
  if (it == peers_.end()) {
    refuse("news of one that is no peer", current_sender());
    return caf::unit;
  }
  auto& from = it->second;
  if (what.version < from.news)
    return caf::unit;
  from.news = what.version;
  for (const auto& each : what.services) {
    auto offered = std::any_of(
      from.offers.begin(), from.offers.end(),
      [&](const auto& offer) { return offer.service == each.service; });
    if (!offered || each.state > offer_state::isolated) {
      refuse("news of a service that was not offered", current_sender());
      return caf::unit;
    }
    from.standing[each.service] = {each.state, each.replicas, each.load};
    if (auto at = gates_.find(each.service); at != gates_.end())
      stand(at->second, it->first, from, each.service);
  }
  return caf::unit;
}

/// What a gate may not know of a node that it was just told of.
void link::stand(const gate& to, const std::string& node, const peer& from,
                 const std::string& service) {
  if (auto known = from.standing.find(service); known != from.standing.end())
    to.peer_stands(node, known->second);
  if (from.suspect)
    to.peer_suspect(node, true);
}

} // namespace bulwark::detail
